-- rfm (group), shoppers, revenue, orders, recency (median days since the last order), all three over
-- a buyer's whole time; buyers only
SELECT f.rfm, count(*) AS shoppers, CAST(sum(f.revenue) AS DOUBLE) AS revenue,
  CAST(sum(f.orders) AS BIGINT) AS orders, CAST(median(p.days_since_order) AS DOUBLE) AS recency
FROM rfm_facts f JOIN person_facts p ON p.user_key = f.user_key
WHERE ($segment IS NULL OR f.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  AND ($channel IS NULL OR list_contains(p.channel, $channel))
GROUP BY f.rfm ORDER BY shoppers DESC, f.rfm
