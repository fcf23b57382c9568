-- What can be offered: item, name, name_en, category, category_en, brand, price, stock, purchases,
-- most bought first.
SELECT i.item_id AS item, coalesce(p.name, i.item_id) AS name, p.name_en, p.category,
  p.category_en, p.brand, CAST(p.price AS DOUBLE) AS price, p.stock,
  CAST(coalesce(s.purchases, 0) AS BIGINT) AS purchases
FROM products p JOIN item_ids i ON i.item_key = p.item_key
LEFT JOIN (
  SELECT item_key, count(*) AS purchases FROM activity
  WHERE event = 'purchase' AND ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  GROUP BY item_key) s ON s.item_key = p.item_key
ORDER BY purchases DESC, item
