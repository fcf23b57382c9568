-- user, orders, revenue, days_since_order, days_since_seen: the members, the best buyers first
SELECT s.user_id AS "user", f.orders, f.revenue, f.days_since_order, f.days_since_seen
FROM person_facts f JOIN shoppers s ON s.user_key = f.user_key
WHERE ($segment IS NULL OR f.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
ORDER BY f.revenue DESC, f.orders DESC, s.user_id
