-- band, category, category_en, purchases (order lines), shoppers, lift (share of the category in the
-- band's lines, over its share in all lines of shoppers whose age is known)
-- small cells: shoppers, purchases, lift within band
WITH bought AS (
  SELECT c.age_band AS band, p.category, p.category_en, a.user_key
  FROM activity a JOIN customers c ON c.user_key = a.user_key
  JOIN products p ON p.item_key = a.item_key
  WHERE a.event = 'purchase' AND p.category IS NOT NULL AND c.age_band <> 'unknown'
    AND ($start IS NULL OR a.ts >= $start) AND ($end IS NULL OR a.ts < $end)
    AND ($channel IS NULL OR a.channel = $channel)
    AND ($segment IS NULL OR a.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))),
cells AS (
  SELECT band, category, min(category_en) AS category_en, count(*) AS purchases,
    count(DISTINCT user_key) AS shoppers FROM bought GROUP BY band, category)
SELECT band, category, category_en, purchases, shoppers,
  CAST(purchases AS DOUBLE) / sum(purchases) OVER (PARTITION BY band)
    / (sum(purchases) OVER (PARTITION BY category) / CAST(sum(purchases) OVER () AS DOUBLE)) AS lift
FROM cells ORDER BY CASE band WHEN 'under 18' THEN 0 ELSE 1 END, band, purchases DESC, category
