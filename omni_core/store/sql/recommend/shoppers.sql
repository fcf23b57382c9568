-- user (key), id, events, purchases, last: shoppers whose id holds $search, the most active first
-- Searches don't count: they are about no item. A NULL $search finds everyone.
SELECT s.user_key AS user, s.user_id AS id,
  CAST(sum(f.events) AS BIGINT) AS events,
  CAST(coalesce(sum(f.events) FILTER (f.event = 'purchase'), 0) AS BIGINT) AS purchases,
  max(f.last_ts) AS last
FROM shopper_facts f JOIN shoppers s ON s.user_key = f.user_key
WHERE f.event IN ('click', 'view', 'favourite', 'cart', 'purchase')
  AND (CAST($search AS VARCHAR) IS NULL
       OR position(lower(CAST($search AS VARCHAR)) IN lower(s.user_id)) > 0)
  AND ($channel IS NULL OR f.channel = $channel)
  AND ($segment IS NULL OR f.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
GROUP BY s.user_key, s.user_id
ORDER BY events DESC, id LIMIT 50
