-- The numbers of the latest 50,000 orders: what an order of this shop is called.
SELECT i.order_id AS "order" FROM orders o JOIN order_ids i ON i.order_key = o.order_key
WHERE ($start IS NULL OR o.ts >= $start) AND ($end IS NULL OR o.ts < $end)
  AND ($channel IS NULL OR o.channel = $channel)
  AND ($segment IS NULL OR o.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
ORDER BY o.ts DESC NULLS LAST, 1 LIMIT 50000
