-- user, day (in the shop's time zone), orders, revenue (main currency): paid orders by buyer and day
SELECT s.user_id AS "user", CAST(timezone($zone, timezone('UTC', o.ts)) AS DATE) AS day,
  count(*) FILTER (NOT o.returned) AS orders,
  CAST(coalesce(sum(o.revenue) FILTER (o.main), 0) AS DOUBLE) AS revenue
FROM orders o JOIN shoppers s ON s.user_key = o.user_key
WHERE o.state = 'paid' AND o.ts IS NOT NULL AND ($start IS NULL OR o.ts >= $start) AND ($end IS NULL OR o.ts < $end)
  AND ($channel IS NULL OR o.channel = $channel)
  AND ($segment IS NULL OR o.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
GROUP BY 1, 2 HAVING count(*) FILTER (NOT o.returned) > 0 ORDER BY 1, 2
