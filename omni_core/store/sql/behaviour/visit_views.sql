-- views (in one visit), visits: how many products are looked at in a visit (see visits)
SELECT CAST(views AS BIGINT) AS views, count(*) AS visits FROM visit_facts
WHERE views > 0 AND ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
  AND ($channel IS NULL OR channel = $channel)
  AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
GROUP BY views ORDER BY 1
