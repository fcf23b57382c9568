-- Customers' messages that her file labels with an intent, oldest first.
SELECT m.text, trim(m.intent) AS intent
FROM messages AS m
WHERE trim(coalesce(m.text, '')) <> '' AND trim(coalesce(m.intent, '')) <> ''
  AND ($start IS NULL OR m.ts >= $start) AND ($end IS NULL OR m.ts < $end)
  AND ($channel IS NULL
       OR m.user_key IN (SELECT user_key FROM customers WHERE channel = $channel))
  AND ($segment IS NULL
       OR m.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
ORDER BY m.ts NULLS LAST, m.text, m.intent;
