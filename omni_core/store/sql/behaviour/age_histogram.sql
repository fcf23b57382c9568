-- band, shoppers, share of all shoppers; bands from young to old, "unknown" last
-- small cells: shoppers, share
WITH active AS (
  SELECT age_band FROM shopper_sums
  WHERE user_key IS NOT NULL AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  UNION ALL
  SELECT coalesce(age_band, 'unknown') FROM customers
  WHERE NOT EXISTS (SELECT 1 FROM anything) AND $start IS NULL AND $end IS NULL
    AND ($channel IS NULL OR channel = $channel) AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))),
banded AS (
  SELECT age_band AS band, count(*) AS shoppers FROM active GROUP BY age_band)
SELECT band, shoppers, shoppers / CAST(sum(shoppers) OVER () AS DOUBLE) AS share
FROM banded
ORDER BY CASE band WHEN 'under 18' THEN 0 WHEN 'unknown' THEN 2 ELSE 1 END, band
