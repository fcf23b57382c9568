-- kind ("channel" or "segment"), value, shoppers: what the filters can be set to
-- small cells: shoppers within kind
SELECT 'channel' AS kind, channel AS value, shoppers FROM channel_facts WHERE channel IS NOT NULL
UNION ALL
SELECT 'segment', segment, count(*) FROM customers WHERE segment IS NOT NULL GROUP BY segment
ORDER BY kind, shoppers DESC, value
