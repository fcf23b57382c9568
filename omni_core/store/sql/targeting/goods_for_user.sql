-- What an ad to $user could show: of the category she bought (or else looked at) most, the goods
-- with most buyers lately that are for sale and that she has not bought in that time; first the
-- bestsellers of all where no category is known. "Lately" is 84 days before the last activity.
WITH last AS (SELECT max(ts) AS ts FROM activity),
mine AS (
  SELECT a.item_key, a.event, a.ts, p.category
  FROM activity AS a JOIN shoppers AS ids ON ids.user_key = a.user_key
  LEFT JOIN products AS p ON p.item_key = a.item_key
  WHERE ids.user_id = CAST($user AS VARCHAR) AND a.item_key IS NOT NULL
),
favourite AS (
  SELECT category FROM mine WHERE category IS NOT NULL
  GROUP BY category
  ORDER BY count(CASE WHEN event = 'purchase' THEN 1 END) DESC, count(*) DESC, category LIMIT 1
),
sold AS (
  SELECT a.item_key, count(DISTINCT a.user_key) AS buyers
  FROM activity AS a, last
  WHERE a.event = 'purchase' AND a.item_key IS NOT NULL AND a.ts > last.ts - INTERVAL 84 DAY
    AND a.item_key NOT IN (
      SELECT item_key FROM mine WHERE event = 'purchase' AND ts > last.ts - INTERVAL 84 DAY)
  GROUP BY a.item_key
)
SELECT ids.item_id AS id, p.name, p.name_en, p.category, p.category_en,
  CAST(p.price AS DOUBLE) AS price, sold.buyers
FROM sold JOIN item_ids AS ids ON ids.item_key = sold.item_key
LEFT JOIN products AS p ON p.item_key = sold.item_key
WHERE (p.stock IS NULL OR p.stock > 0)
  AND ((SELECT count(*) FROM favourite) = 0 OR p.category = (SELECT category FROM favourite))
ORDER BY sold.buyers DESC, ids.item_id LIMIT 3;
