-- age (years), band, shoppers: only those whose age is known to the year
-- small cells: shoppers within band
WITH active AS (
  SELECT DISTINCT user_key FROM shopper_facts
  WHERE user_key IS NOT NULL AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  UNION
  SELECT user_key FROM customers
  WHERE NOT EXISTS (SELECT 1 FROM activity) AND $start IS NULL AND $end IS NULL
    AND ($channel IS NULL OR channel = $channel) AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment)))
SELECT c.age, c.age_band AS band, count(*) AS shoppers
FROM active a JOIN customers c ON c.user_key = a.user_key WHERE c.age IS NOT NULL
GROUP BY c.age, c.age_band ORDER BY c.age, c.age_band
