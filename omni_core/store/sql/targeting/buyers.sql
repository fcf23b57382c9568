-- Shoppers with a purchase from $as_of (inclusive) to $until (exclusive), one row each; of one
-- $category where it is given. coupon: whether any of these purchases was in an order with one.
WITH bought AS (
  SELECT user_key, order_key FROM activity
  WHERE event = 'purchase' AND ts >= $as_of::TIMESTAMP AND ts < $until::TIMESTAMP
    AND user_key IS NOT NULL
    AND (CAST($category AS VARCHAR) IS NULL OR item_key IN (
      SELECT item_key FROM products WHERE category = CAST($category AS VARCHAR)))
),
couponed AS (
  SELECT DISTINCT order_key FROM orders WHERE coupon IS NOT NULL AND order_key IS NOT NULL
)
SELECT ids.user_id AS "user", bool_or(couponed.order_key IS NOT NULL) AS coupon
FROM bought JOIN shoppers AS ids ON ids.user_key = bought.user_key
LEFT JOIN couponed ON couponed.order_key = bought.order_key
GROUP BY ids.user_id
ORDER BY ids.user_id;
