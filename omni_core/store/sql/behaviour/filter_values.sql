-- kind ("channel" or "segment"), value, shoppers: what the filters can be set to
-- small cells: shoppers within kind
SELECT 'channel' AS kind, channel AS value, count(user_key) AS shoppers FROM shopper_channels
WHERE channel IS NOT NULL GROUP BY channel
UNION ALL
SELECT 'segment', segment, count(*) FROM customers WHERE segment IS NOT NULL GROUP BY segment
ORDER BY kind, shoppers DESC, value
