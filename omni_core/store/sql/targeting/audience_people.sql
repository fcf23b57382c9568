-- What the audience table shows of each shopper beside the score: age band, gender, channel, segment,
-- consents, and whether they stand in the customer file.
SELECT ids.user_id AS "user", coalesce(c.age_band, 'unknown') AS band,
  coalesce(c.gender, 'unknown') AS gender, coalesce(c.channel, 'unknown') AS channel,
  coalesce(c.segment, 'unknown') AS segment, c.consent_email, c.consent_sms,
  c.user_key IS NOT NULL AS in_file
FROM shoppers AS ids LEFT JOIN customers AS c ON c.user_key = ids.user_key
WHERE $segment IS NULL
  OR ids.user_key IN (SELECT user_key FROM customers WHERE segment = $segment)
ORDER BY ids.user_id;
