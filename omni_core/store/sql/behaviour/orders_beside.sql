-- Orders that the number of orders holds and the revenue doesn't: currency, orders, revenue (in it). A
-- row for each other currency, and one of currency '' for purchases of a log that no file gives a sum
-- for and that match no order, within the time that other orders cover.
WITH chosen AS (
  SELECT order_key, ts, revenue, currency, main FROM orders
  WHERE state = 'paid' AND NOT returned AND ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))),
told AS (
  SELECT min(ts) AS first_ts, max(ts) AS last_ts FROM orders
  WHERE state = 'paid' AND (order_key IS NOT NULL OR revenue <> 0)),
apart AS (
  SELECT currency, count(*) AS orders, CAST(sum(revenue) AS DOUBLE) AS revenue
  FROM chosen WHERE NOT main GROUP BY currency
  UNION ALL
  SELECT '' AS currency, count(*) AS orders, 0.0 AS revenue FROM chosen CROSS JOIN told
  WHERE main AND order_key IS NULL AND revenue = 0 AND ts BETWEEN first_ts AND last_ts)
SELECT currency, orders, revenue FROM apart WHERE orders > 0
ORDER BY currency = '', orders DESC, currency
