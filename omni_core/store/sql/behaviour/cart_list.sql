-- user, item, name, name_en, put_at (the shop's time), amount, fate: the latest 1000 products put
-- into a cart that were not bought within the hour
WITH chosen AS (
  SELECT user_key, item_key, ts, amount, fate FROM cart_facts
  WHERE fate <> 'sold' AND ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))),
-- names are looked up for those few alone, and for all that lie at the last one's moment
latest AS (SELECT min(ts) AS ts FROM (SELECT ts FROM chosen ORDER BY ts DESC LIMIT 1000) t)
SELECT s.user_id AS "user", i.item_id AS item, coalesce(p.name, i.item_id) AS name, p.name_en,
  timezone($zone, timezone('UTC', c.ts)) AS put_at, c.amount, c.fate
FROM chosen c JOIN latest l ON c.ts >= l.ts JOIN shopper_ids s ON s.user_key = c.user_key
LEFT JOIN item_ids i ON i.item_key = c.item_key LEFT JOIN products p ON p.item_key = c.item_key
ORDER BY c.ts DESC, s.user_id, i.item_id LIMIT 1000
