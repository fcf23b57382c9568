-- one row: shoppers, buyers, events, orders, revenue (main currency), conversion, not_counted (orders
-- cancelled or left unpaid)
WITH active AS (
  SELECT user_key, purchases, events FROM shopper_sums
  WHERE $segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment)),
people AS (
  SELECT count(user_key) AS shoppers, count(user_key) FILTER (purchases > 0) AS buyers,
    coalesce(sum(events), 0) AS events
  FROM active),
-- a file of customers alone has no activity: its persons are the shoppers then
listed AS (
  SELECT count(*) AS shoppers FROM customers
  WHERE NOT EXISTS (SELECT 1 FROM anything) AND $start IS NULL AND $end IS NULL
    AND ($channel IS NULL OR channel = $channel) AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))),
sold AS (
  SELECT count(*) FILTER (state = 'paid' AND NOT returned) AS orders,
    coalesce(sum(revenue) FILTER (state = 'paid' AND main), 0) AS revenue,
    count(*) FILTER (state <> 'paid' AND NOT returned) AS not_counted
  FROM orders
  WHERE ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment)))
SELECT CAST(p.shoppers + l.shoppers AS BIGINT) AS shoppers, CAST(p.buyers AS BIGINT) AS buyers,
  CAST(p.events AS BIGINT) AS events, s.orders, CAST(s.revenue AS DOUBLE) AS revenue,
  CASE WHEN p.shoppers > 0 THEN CAST(p.buyers AS DOUBLE) / p.shoppers END AS conversion,
  s.not_counted
FROM people p, listed l, sold s
