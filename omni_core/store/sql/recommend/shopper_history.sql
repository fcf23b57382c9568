-- item (key at $level), event, times, last: what the shopper with key $user did, the latest first
WITH goods AS (
  SELECT item_key,
    CASE WHEN $level = 'item' THEN item_key
         ELSE min(item_key) OVER (PARTITION BY CASE WHEN $level = 'name' THEN name ELSE category END)
    END AS item
  FROM products
  WHERE CASE $level WHEN 'name' THEN name WHEN 'category' THEN category ELSE '' END IS NOT NULL
)
SELECT coalesce(g.item, a.item_key) AS item,
  CAST(CASE WHEN a.event = 'click' THEN 'view' ELSE a.event END AS VARCHAR) AS event,
  count(*) AS times, max(a.ts) AS last
FROM activity a LEFT JOIN goods g ON g.item_key = a.item_key
WHERE a.user_key = CAST($user AS INTEGER) AND a.item_key IS NOT NULL
  AND a.event IN ('click', 'view', 'favourite', 'cart', 'purchase')
  AND ($level = 'item' OR g.item IS NOT NULL)
  AND ($start IS NULL OR a.ts >= $start) AND ($end IS NULL OR a.ts < $end)
  AND ($channel IS NULL OR a.channel = $channel)
  AND ($segment IS NULL OR a.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
GROUP BY 1, 2
ORDER BY last DESC, item, event
