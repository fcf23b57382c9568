-- kind ("channel" or "segment"), value, n (events of a channel, people of a segment): what the filters
-- can be set to
-- small cells: n within kind
SELECT 'channel' AS kind, channel AS value, CAST(sum(events) AS BIGINT) AS n FROM hour_facts
WHERE channel IS NOT NULL GROUP BY channel
UNION ALL
SELECT 'segment', segment, count(*) FROM customers WHERE segment IS NOT NULL GROUP BY segment
ORDER BY kind, n DESC, value
