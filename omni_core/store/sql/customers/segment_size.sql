-- one row: shoppers (whom the filters leave, whether they did anything or not), all_shoppers, buyers,
-- revenue (main currency, of all time)
SELECT count(*) FILTER (inside) AS shoppers, count(*) AS all_shoppers,
  count(*) FILTER (inside AND orders > 0) AS buyers,
  CAST(coalesce(sum(revenue) FILTER (inside), 0) AS DOUBLE) AS revenue
FROM (
  SELECT orders, revenue, ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
      AND ($channel IS NULL OR list_contains(channel, $channel)) AS inside
  FROM person_facts) f
