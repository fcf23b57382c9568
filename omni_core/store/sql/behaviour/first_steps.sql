-- steps (the first three kinds of event of each shopper's first visit, joined by commas; one after
-- another of the same kind counted once), shoppers, share of all shoppers; the 12 most frequent
WITH firsts AS (
  SELECT user_key, arg_min(steps, ts) AS steps FROM visit_facts
  WHERE ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  GROUP BY user_key)
SELECT steps, count(*) AS shoppers, CAST(count(*) AS DOUBLE) / (SELECT count(*) FROM firsts) AS share
FROM firsts GROUP BY steps ORDER BY shoppers DESC, steps LIMIT 12
