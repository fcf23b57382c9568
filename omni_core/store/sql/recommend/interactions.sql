-- user, item, event, ts, value: one row per thing done; user and item are keys, see shoppers and catalogue
-- At $level 'name' or 'category' the goods of one name or category are one item: the lowest key of
-- them stands for all. A click on a product is a look at it; searches have no item; refunds and
-- impressions tell no taste.
WITH goods AS (
  SELECT item_key,
    min(item_key) OVER (PARTITION BY CASE WHEN $level = 'name' THEN name ELSE category END) AS item
  FROM products
  WHERE CASE $level WHEN 'name' THEN name WHEN 'category' THEN category END IS NOT NULL
)
SELECT a.user_key AS user, coalesce(g.item, a.item_key) AS item,
  CASE WHEN a.event = 'click' THEN 'view'::event_kind ELSE a.event END AS event,
  a.ts, CAST(a.amount AS DOUBLE) AS value
FROM activity a LEFT JOIN goods g ON g.item_key = a.item_key
WHERE a.item_key IS NOT NULL AND a.user_key IS NOT NULL
  AND a.event IN ('click', 'view', 'favourite', 'cart', 'purchase')
  AND ($level = 'item' OR g.item IS NOT NULL)
  AND ($start IS NULL OR a.ts >= $start) AND ($end IS NULL OR a.ts < $end)
  AND ($channel IS NULL OR a.channel = $channel)
  AND ($segment IS NULL OR a.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
