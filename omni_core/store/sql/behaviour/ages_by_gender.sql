-- band, gender, shoppers ("unknown" where no file says)
-- small cells: shoppers within band
WITH active AS (
  SELECT user_key FROM shopper_sums
  WHERE user_key IS NOT NULL AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  UNION ALL
  SELECT user_key FROM customers
  WHERE NOT EXISTS (SELECT 1 FROM anything) AND $start IS NULL AND $end IS NULL
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment)))
SELECT coalesce(c.age_band, 'unknown') AS band, coalesce(c.gender, 'unknown') AS gender,
  count(*) AS shoppers
FROM active a LEFT JOIN customers c ON c.user_key = a.user_key
GROUP BY 1, 2
ORDER BY CASE band WHEN 'under 18' THEN 0 WHEN 'unknown' THEN 2 ELSE 1 END, band, gender
