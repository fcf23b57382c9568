-- fate (sold, recovered, left, open: see cart_facts in on_demand.sql), carts (products put into a
-- cart), shoppers, amount (of those whose price is known), priced (how many those are)
SELECT fate, count(*) AS carts, count(DISTINCT user_key) AS shoppers,
  CAST(coalesce(sum(amount), 0) AS DOUBLE) AS amount, count(amount) AS priced
FROM cart_facts
WHERE ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
  AND ($channel IS NULL OR channel = $channel)
  AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
GROUP BY fate
ORDER BY CASE fate WHEN 'sold' THEN 1 WHEN 'recovered' THEN 2 WHEN 'left' THEN 3 ELSE 4 END
