-- day in the shop's time zone, orders, revenue (main currency), shoppers who ordered
WITH main AS (
  SELECT coalesce(currency, '') AS currency FROM orders GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)
SELECT CAST(timezone($zone, timezone('UTC', ts)) AS DATE) AS day, count(*) AS orders,
  CAST(coalesce(sum(revenue) FILTER (coalesce(currency, '') = (SELECT currency FROM main)), 0) AS DOUBLE) AS revenue,
  count(DISTINCT user_key) AS shoppers
FROM orders
WHERE state = 'paid' AND ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
  AND ($channel IS NULL OR channel = $channel)
  AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
GROUP BY day ORDER BY day
