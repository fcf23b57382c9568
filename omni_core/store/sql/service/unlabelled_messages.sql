-- Customers' messages that nobody has labelled, the latest first, at most 5,000.
SELECT m.text, m.ts
FROM messages AS m
WHERE trim(coalesce(m.text, '')) <> '' AND trim(coalesce(m.intent, '')) = ''
  AND ($start IS NULL OR m.ts >= $start) AND ($end IS NULL OR m.ts < $end)
  AND ($channel IS NULL
       OR m.user_key IN (SELECT user_key FROM customers WHERE channel = $channel))
  AND ($segment IS NULL
       OR m.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
ORDER BY m.ts DESC NULLS LAST, m.text LIMIT 5000
