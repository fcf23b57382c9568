-- week (its Monday, in the shop's time zone), kind ("new": a shopper's first order of all that are
-- stored; "returning"), orders, shoppers, revenue (main currency)
WITH firsts AS (
  SELECT user_key, min(ts) FILTER (NOT returned) AS first_ts FROM orders
  WHERE state = 'paid' AND user_key IS NOT NULL GROUP BY user_key)
SELECT CAST(date_trunc('week', timezone($zone, timezone('UTC', o.ts))) AS DATE) AS week,
  CASE WHEN o.ts <= f.first_ts THEN 'new' ELSE 'returning' END AS kind,
  count(*) FILTER (NOT o.returned) AS orders,
  count(DISTINCT o.user_key) FILTER (NOT o.returned) AS shoppers,
  CAST(coalesce(sum(o.revenue) FILTER (o.main), 0) AS DOUBLE) AS revenue
FROM orders o JOIN firsts f ON f.user_key = o.user_key
WHERE o.state = 'paid' AND ($start IS NULL OR o.ts >= $start) AND ($end IS NULL OR o.ts < $end)
  AND ($channel IS NULL OR o.channel = $channel)
  AND ($segment IS NULL OR o.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
GROUP BY week, kind ORDER BY week, kind
