-- channel ("" where no file says), events, purchases, first, last (days): where the shopper
-- with id $user was seen
SELECT coalesce(f.channel, '') AS channel, CAST(sum(f.events) AS BIGINT) AS events,
  CAST(coalesce(sum(f.events) FILTER (f.event = 'purchase'), 0) AS BIGINT) AS purchases,
  CAST(timezone($zone, timezone('UTC', min(f.first_ts))) AS DATE) AS first,
  CAST(timezone($zone, timezone('UTC', max(f.last_ts))) AS DATE) AS last
FROM shopper_facts f WHERE f.user_key = (
  SELECT coalesce(m.user_key, s.user_key) FROM shopper_ids s
  LEFT JOIN merged_ids m ON m.id_key = s.user_key WHERE s.user_id = CAST($user AS VARCHAR))
GROUP BY 1 ORDER BY events DESC, channel
