-- channel ("" where no file says), events, purchases, first, last (days): where the shopper
-- with id $user was seen
SELECT coalesce(f.channel, '') AS channel, count(*) AS events,
  count(*) FILTER (f.event = 'purchase') AS purchases,
  CAST(timezone($zone, timezone('UTC', min(f.ts))) AS DATE) AS first,
  CAST(timezone($zone, timezone('UTC', max(f.ts))) AS DATE) AS last
FROM activity f WHERE f.user_key = (
  SELECT coalesce(m.user_key, s.user_key) FROM shopper_ids s
  LEFT JOIN merged_ids m ON m.id_key = s.user_key WHERE s.user_id = CAST($user AS VARCHAR))
GROUP BY 1 ORDER BY events DESC, channel
