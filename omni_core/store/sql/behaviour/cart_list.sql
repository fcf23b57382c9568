-- user, item, name, name_en, put_at (the shop's time), amount, fate: the latest 1000 products put
-- into a cart that were not bought within the hour
SELECT s.user_id AS "user", i.item_id AS item, coalesce(p.name, i.item_id) AS name, p.name_en,
  timezone($zone, timezone('UTC', c.ts)) AS put_at, c.amount, c.fate
FROM cart_facts c JOIN shoppers s ON s.user_key = c.user_key
LEFT JOIN item_ids i ON i.item_key = c.item_key LEFT JOIN products p ON p.item_key = c.item_key
WHERE c.fate <> 'sold' AND ($start IS NULL OR c.ts >= $start) AND ($end IS NULL OR c.ts < $end)
  AND ($channel IS NULL OR c.channel = $channel)
  AND ($segment IS NULL OR c.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
ORDER BY c.ts DESC, s.user_id, i.item_id LIMIT 1000
