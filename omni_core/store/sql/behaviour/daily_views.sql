-- views (on one day, of all shoppers together), days: how busy days are; by the visits' first day
WITH daily AS (
  SELECT CAST(timezone($zone, timezone('UTC', ts)) AS DATE) AS day, sum(views) AS views
  FROM visit_facts
  WHERE ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  GROUP BY day)
SELECT CAST(views AS BIGINT) AS views, count(*) AS days FROM daily WHERE views > 0
GROUP BY views ORDER BY 1
