-- cohort (first day of the month of a shopper's first paid order, in the shop's time zone), month
-- (how many months later; 0 is that month itself), shoppers (of the cohort), active (those of them
-- who ordered in that month), share (active of shoppers), revenue (main currency, less refunds),
-- whole (false where the data end within that month). Months that the data don't reach have no row;
-- a month without any order has one.
-- The first order is the first of all that are stored, whatever the filters say: they choose the
-- shoppers by it (its time from $start to $end, its channel), and orders after $end don't count. Who
-- had ordered before the stored data begin stands in the first cohort.
WITH paid AS (
  SELECT user_key, ts, coalesce(channel, '') AS channel, returned,
    CASE WHEN main THEN revenue ELSE 0 END AS revenue,
    day
  FROM orders WHERE state = 'paid' AND user_key IS NOT NULL AND ($end IS NULL OR ts < $end)),
monthly AS (
  SELECT user_key, year(day) * 12 + month(day) - 1 AS month,
    min(CASE WHEN NOT returned THEN ts END) AS first_ts,
    max(CASE WHEN NOT returned THEN 1 ELSE 0 END) AS active, sum(revenue) AS revenue
  FROM paid GROUP BY user_key, year(day) * 12 + month(day) - 1),
firsts AS (
  SELECT user_key, min(first_ts) AS first_ts, min(CASE WHEN active = 1 THEN month END) AS cohort
  FROM monthly GROUP BY user_key),
members AS (
  SELECT user_key, cohort FROM firsts f
  WHERE cohort IS NOT NULL AND ($start IS NULL OR first_ts >= $start)
    AND ($channel IS NULL OR EXISTS (
      SELECT 1 FROM paid p WHERE p.user_key = f.user_key AND p.ts = f.first_ts
        AND NOT p.returned AND p.channel = $channel))
    AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))),
sizes AS (SELECT cohort, count(*) AS shoppers FROM members GROUP BY cohort),
did AS (
  SELECT m.cohort, o.month - m.cohort AS month, sum(o.active) AS active, sum(o.revenue) AS revenue
  FROM members m JOIN monthly o ON o.user_key = m.user_key
  GROUP BY m.cohort, o.month - m.cohort),
last_day AS (
  SELECT max(day) AS day, max(year(day) * 12 + month(day) - 1) AS month FROM paid),
digits AS (
  SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9),
ages AS (SELECT h.d * 100 + t.d * 10 + o.d AS month FROM digits h, digits t, digits o)
SELECT make_date(CAST(floor(s.cohort / 12.0) AS INTEGER), CAST(s.cohort % 12 + 1 AS INTEGER), 1)
    AS cohort,
  CAST(a.month AS INTEGER) AS month, s.shoppers, CAST(coalesce(d.active, 0) AS BIGINT) AS active,
  CAST(coalesce(d.active, 0) AS DOUBLE) / s.shoppers AS share,
  CAST(coalesce(d.revenue, 0) AS DOUBLE) AS revenue,
  s.cohort + a.month < l.month OR month(l.day + 1) <> month(l.day) AS whole
FROM sizes s JOIN last_day l ON true JOIN ages a ON s.cohort + a.month <= l.month
LEFT JOIN did d ON d.cohort = s.cohort AND d.month = a.month
ORDER BY s.cohort, a.month
