-- one row: first and last moment of any activity, in the shop's time zone (empty when there is none)
SELECT timezone($zone, timezone('UTC', min(first_ts))) AS first,
  timezone($zone, timezone('UTC', max(last_ts))) AS last
FROM activity_span
