-- band, shoppers, share of all shoppers; bands from young to old, "unknown" last
-- small cells: shoppers, share
WITH active AS (
  SELECT DISTINCT user_key FROM shopper_facts
  WHERE user_key IS NOT NULL AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  UNION
  SELECT user_key FROM customers
  WHERE NOT EXISTS (SELECT 1 FROM activity) AND $start IS NULL AND $end IS NULL
    AND ($channel IS NULL OR channel = $channel) AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))),
banded AS (
  SELECT coalesce(c.age_band, 'unknown') AS band, count(*) AS shoppers
  FROM active a LEFT JOIN customers c ON c.user_key = a.user_key GROUP BY 1)
SELECT band, shoppers, shoppers / CAST(sum(shoppers) OVER () AS DOUBLE) AS share
FROM banded
ORDER BY CASE band WHEN 'under 18' THEN 0 WHEN 'unknown' THEN 2 ELSE 1 END, band
