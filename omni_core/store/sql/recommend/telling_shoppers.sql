-- role ('typical', 'active', 'looker', 'new'), user (key), id, events, purchases, last: one shopper each
-- typical: the median number of purchases among buyers; active: most purchases, else events;
-- looker: no purchase and more events than nine in ten of those (not the most: that may be a robot);
-- new: the latest first event. A shopper has the first role that fits.
WITH people AS (
  SELECT f.user_key AS user, s.user_id AS id,
    CAST(sum(f.events) AS BIGINT) AS events,
    CAST(coalesce(sum(f.events) FILTER (f.event = 'purchase'), 0) AS BIGINT) AS purchases,
    min(f.first_ts) AS first, max(f.last_ts) AS last
  FROM shopper_facts f JOIN shoppers s ON s.user_key = f.user_key
  WHERE f.event IN ('click', 'view', 'favourite', 'cart', 'purchase')
    AND ($channel IS NULL OR f.channel = $channel)
    AND ($segment IS NULL OR f.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  GROUP BY f.user_key, s.user_id
),
placed AS (
  SELECT *,
    row_number() OVER (ORDER BY CASE WHEN purchases > 0 THEN abs(purchases - (
        SELECT median(purchases) FROM people WHERE purchases > 0)) END NULLS LAST,
      last DESC, id) AS typical,
    row_number() OVER (ORDER BY purchases DESC, events DESC, id) AS active,
    row_number() OVER (ORDER BY CASE WHEN purchases = 0 THEN abs(events - (
        SELECT quantile_disc(events, 0.9) FROM people WHERE purchases = 0)) END NULLS LAST,
      id) AS looker,
    row_number() OVER (ORDER BY first DESC, id) AS newest
  FROM people
)
SELECT CASE WHEN typical = 1 AND purchases > 0 THEN 'typical' WHEN active = 1 THEN 'active'
            WHEN looker = 1 AND purchases = 0 THEN 'looker' ELSE 'new' END AS role,
  user, id, events, purchases, last
FROM placed
WHERE (typical = 1 AND purchases > 0) OR active = 1 OR (looker = 1 AND purchases = 0) OR newest = 1
ORDER BY CASE role WHEN 'typical' THEN 1 WHEN 'active' THEN 2 WHEN 'looker' THEN 3 ELSE 4 END
