-- Reviews with words: item, name, name_en, month (in the shop's zone, NULL without a time), stars,
-- text; the latest first.
SELECT i.item_id AS item, coalesce(p.name, i.item_id) AS name, p.name_en,
  CAST(date_trunc('month', r.ts AT TIME ZONE 'UTC' AT TIME ZONE $zone) AS DATE) AS month,
  r.stars, r.text
FROM reviews r JOIN item_ids i ON i.item_key = r.item_key
LEFT JOIN products p ON p.item_key = r.item_key
WHERE trim(coalesce(r.text, '')) <> ''
  AND ($start IS NULL OR r.ts >= $start) AND ($end IS NULL OR r.ts < $end)
  AND ($channel IS NULL
       OR r.user_key IN (SELECT user_key FROM customers WHERE channel = $channel))
  AND ($segment IS NULL
       OR r.user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
ORDER BY r.ts DESC NULLS LAST, r.text
