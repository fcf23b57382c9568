-- day in the shop's time zone, orders, revenue (main currency), shoppers who ordered
SELECT day, count(*) FILTER (NOT returned) AS orders,
  CAST(coalesce(sum(revenue) FILTER (main), 0) AS DOUBLE) AS revenue,
  count(DISTINCT user_key) FILTER (NOT returned) AS shoppers
FROM orders
WHERE state = 'paid' AND ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
  AND ($channel IS NULL OR channel = $channel)
  AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
GROUP BY day ORDER BY day
