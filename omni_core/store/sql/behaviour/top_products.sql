-- item, name, name_en, views, carts, purchases (order lines), revenue (each line's part of what
-- its order brought, so that products add up to the shop):
-- the first 50 by purchases, by revenue and by views, so that each ranking's top is in it
WITH sold AS (
  SELECT f.item_key,
    CAST(coalesce(sum(f.events) FILTER (f.event = 'view'), 0) AS BIGINT) AS views,
    CAST(coalesce(sum(f.events) FILTER (f.event = 'cart'), 0) AS BIGINT) AS carts,
    CAST(coalesce(sum(f.events) FILTER (f.event = 'purchase'), 0) AS BIGINT) AS purchases,
    coalesce(sum(f.revenue), 0) AS revenue
  FROM item_facts f WHERE f.item_key IS NOT NULL GROUP BY f.item_key),
tops AS (
  (SELECT item_key FROM sold ORDER BY purchases DESC, item_key LIMIT 50)
  UNION (SELECT item_key FROM sold ORDER BY revenue DESC, item_key LIMIT 50)
  UNION (SELECT item_key FROM sold ORDER BY views DESC, item_key LIMIT 50))
SELECT i.item_id AS item, coalesce(p.name, i.item_id) AS name, p.name_en,
  s.views, s.carts, s.purchases, CAST(s.revenue AS DOUBLE) AS revenue
FROM sold s JOIN item_ids i ON i.item_key = s.item_key
LEFT JOIN products p ON p.item_key = s.item_key
WHERE s.item_key IN (SELECT item_key FROM tops)
ORDER BY s.purchases DESC, s.views DESC, item
