-- views (per shopper), shoppers, given (true: the count as the file gives it, there being no views)
WITH seen AS (
  SELECT views FROM shopper_sums
  WHERE user_key IS NOT NULL AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))),
has_views AS (SELECT count(*) AS n FROM (SELECT 1 FROM events WHERE event = 'view' LIMIT 1) v)
SELECT CAST(views AS BIGINT) AS views, count(*) AS shoppers, false AS given
FROM seen WHERE (SELECT n FROM has_views) > 0 GROUP BY views
UNION ALL
SELECT browsing_count, count(*), true
FROM customers
WHERE (SELECT n FROM has_views) = 0 AND browsing_count IS NOT NULL
  AND $start IS NULL AND $end IS NULL
  AND ($channel IS NULL OR channel = $channel) AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
GROUP BY browsing_count
ORDER BY 1
