-- at (the shop's time), event, item, name, name_en, amount, channel: the latest 300 things that the
-- shopper with id $user did
SELECT timezone($zone, timezone('UTC', a.ts)) AS at, CAST(a.event AS VARCHAR) AS event,
  i.item_id AS item, coalesce(p.name, i.item_id) AS name, p.name_en,
  CAST(a.amount AS DOUBLE) AS amount, coalesce(a.channel, '') AS channel
FROM activity a LEFT JOIN item_ids i ON i.item_key = a.item_key
LEFT JOIN products p ON p.item_key = a.item_key
WHERE a.user_key = (
  SELECT coalesce(m.user_key, s.user_key) FROM shopper_ids s
  LEFT JOIN merged_ids m ON m.id_key = s.user_key WHERE s.user_id = CAST($user AS VARCHAR))
ORDER BY a.ts DESC, event DESC, item LIMIT 300
