-- one row: visits (a shopper's events without a pause of more than 30 minutes; a visit belongs to the
-- moment and channel it begins in), shoppers, views, minutes (median length of visits of two events
-- or more), days (with a visit)
SELECT count(*) AS visits, count(DISTINCT user_key) AS shoppers,
  CAST(coalesce(sum(views), 0) AS BIGINT) AS views,
  CAST(median(date_diff('second', ts, last_ts)) FILTER (events > 1) / 60.0 AS DOUBLE) AS minutes,
  count(DISTINCT CAST(timezone($zone, timezone('UTC', ts)) AS DATE)) AS days
FROM visit_facts
WHERE ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
  AND ($channel IS NULL OR channel = $channel)
  AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
