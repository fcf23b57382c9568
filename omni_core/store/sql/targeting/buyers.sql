-- Shoppers with a purchase from $as_of (inclusive) to $until (exclusive), one row each.
SELECT ids.user_id AS "user"
FROM (
  SELECT DISTINCT user_key FROM activity
  WHERE event = 'purchase' AND ts >= $as_of::TIMESTAMP AND ts < $until::TIMESTAMP
) AS bought
JOIN shoppers AS ids ON ids.user_key = bought.user_key
ORDER BY ids.user_id;
