-- item, name, name_en, views, carts, purchases (order lines), revenue (line amounts less refunds)
SELECT i.item_id AS item, coalesce(p.name, i.item_id) AS name, p.name_en,
  CAST(coalesce(sum(f.events) FILTER (f.event = 'view'), 0) AS BIGINT) AS views,
  CAST(coalesce(sum(f.events) FILTER (f.event = 'cart'), 0) AS BIGINT) AS carts,
  CAST(coalesce(sum(f.events) FILTER (f.event = 'purchase'), 0) AS BIGINT) AS purchases,
  coalesce(sum(CASE f.event WHEN 'purchase' THEN f.amount WHEN 'refund' THEN -f.amount END), 0) AS revenue
FROM item_facts f JOIN item_ids i ON i.item_key = f.item_key
LEFT JOIN products p ON p.item_key = f.item_key
GROUP BY i.item_id, p.name, p.name_en
ORDER BY purchases DESC, views DESC, item LIMIT 50
