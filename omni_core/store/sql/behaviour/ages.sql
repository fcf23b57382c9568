-- age (years), band, shoppers: only those whose age is known to the year
-- small cells: shoppers within band
WITH active AS (
  SELECT age, age_band FROM shopper_sums
  WHERE user_key IS NOT NULL AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  UNION ALL
  SELECT age, age_band FROM customers
  WHERE NOT EXISTS (SELECT 1 FROM anything) AND $start IS NULL AND $end IS NULL
    AND ($channel IS NULL OR channel = $channel) AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment)))
SELECT age, age_band AS band, count(*) AS shoppers FROM active WHERE age IS NOT NULL
GROUP BY age, age_band ORDER BY age, age_band
