-- one row of what is known of the shopper with id $user (any id of hers): user, ids (joined by ", "),
-- orders, revenue, mean_order, days_since_order, days_since_seen, days_known, views, left_carts, age,
-- age_band, gender, city, rfm, bot
WITH her AS (
  SELECT coalesce(m.user_key, s.user_key) AS user_key FROM shopper_ids s
  LEFT JOIN merged_ids m ON m.id_key = s.user_key WHERE s.user_id = CAST($user AS VARCHAR)),
ids AS (
  SELECT string_agg(s.user_id, ', ' ORDER BY s.user_key) AS ids FROM shopper_ids s
  LEFT JOIN merged_ids m ON m.id_key = s.user_key
  WHERE coalesce(m.user_key, s.user_key) = (SELECT user_key FROM her))
SELECT s.user_id AS "user", i.ids, f.orders, f.revenue, f.mean_order, f.days_since_order,
  f.days_since_seen, f.days_known, f.views, f.left_carts, f.age, f.age_band, f.gender, f.city, f.rfm,
  f.bot
FROM person_facts f JOIN shoppers s ON s.user_key = f.user_key CROSS JOIN ids i
WHERE f.user_key = (SELECT user_key FROM her)
