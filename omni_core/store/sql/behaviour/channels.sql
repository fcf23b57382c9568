-- channel ("" where no file says), shoppers, revenue (main currency)
WITH people AS (
  SELECT coalesce(channel, '') AS channel, count(user_key) AS shoppers FROM shopper_channels
  WHERE ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  GROUP BY coalesce(channel, '')),
sold AS (
  SELECT coalesce(channel, '') AS channel, sum(revenue) AS revenue FROM orders
  WHERE state = 'paid' AND main
    AND ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  GROUP BY 1)
SELECT coalesce(p.channel, s.channel) AS channel, CAST(coalesce(p.shoppers, 0) AS BIGINT) AS shoppers,
  CAST(coalesce(s.revenue, 0) AS DOUBLE) AS revenue
FROM people p FULL JOIN sold s ON p.channel = s.channel ORDER BY shoppers DESC, channel
