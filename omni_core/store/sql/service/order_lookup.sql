-- One order by its number $order: order, ts (in the shop's zone), status, state, revenue, refunded,
-- lines
SELECT i.order_id AS "order", timezone($zone, timezone('UTC', o.ts)) AS ts, o.status, o.state, CAST(o.revenue AS DOUBLE) AS revenue,
  o.returned OR coalesce(r.refund, 0) > 0 OR coalesce(r.refunded, false) AS refunded, o.lines
FROM orders o JOIN order_ids i ON i.order_key = o.order_key
LEFT JOIN (
  SELECT order_key, max(refund) AS refund, bool_or(state = 'refunded') AS refunded
  FROM order_rows GROUP BY order_key) r ON r.order_key = o.order_key
WHERE upper(i.order_id) = upper(CAST($order AS VARCHAR))
  AND ($start IS NULL OR o.ts >= $start) AND ($end IS NULL OR o.ts < $end)
  AND ($channel IS NULL OR o.channel = $channel)
  AND ($segment IS NULL OR o.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
LIMIT 1
