-- category, category_en, views, purchases, amount: what the shopper with id $user looked at and bought
SELECT coalesce(p.category, '') AS category, min(p.category_en) AS category_en,
  count(*) FILTER (a.event IN ('view', 'click')) AS views,
  count(*) FILTER (a.event = 'purchase') AS purchases,
  CAST(coalesce(sum(a.amount) FILTER (a.event = 'purchase'), 0) AS DOUBLE) AS amount
FROM activity a LEFT JOIN products p ON p.item_key = a.item_key
WHERE a.item_key IS NOT NULL AND a.user_key = (
  SELECT coalesce(m.user_key, s.user_key) FROM shopper_ids s
  LEFT JOIN merged_ids m ON m.id_key = s.user_key WHERE s.user_id = CAST($user AS VARCHAR))
GROUP BY coalesce(p.category, '') ORDER BY purchases DESC, views DESC, category LIMIT 12
