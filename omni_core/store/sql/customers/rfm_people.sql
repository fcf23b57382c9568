-- user, r, f, m (scores from 1 to 5), orders, revenue, rfm (group): every buyer as of $end, or of the
-- end of the data (see rfm_facts in on_demand.sql)
SELECT s.user_id AS "user", f.r, f.f, f.m, f.orders, f.revenue, f.rfm
FROM rfm_facts f JOIN shoppers s ON s.user_key = f.user_key
WHERE $segment IS NULL OR f.user_key IN (SELECT user_key FROM customers WHERE segment = $segment)
ORDER BY f.r DESC, f.f DESC, f.m DESC, s.user_id
