-- One row per person of $campaign who was really sent it: first send, first answer (UTC; the time is
-- empty where the file only says that they answered) and whether they answered.
SELECT ids.user_id AS "user", min(s.sent_at) AS sent_at, min(s.responded_at) AS responded_at,
  coalesce(bool_or(s.responded_at >= s.sent_at OR lower(trim(s.outcome)) IN (SELECT unnest(string_split($yes, chr(31))))
                   OR try_cast(s.outcome AS DOUBLE) > 0), FALSE) AS answered
FROM sends AS s JOIN shoppers AS ids ON ids.user_key = s.user_key
WHERE s.campaign = $campaign AND s.sent_at IS NOT NULL
  AND coalesce(lower(trim(s.arm)) NOT IN (SELECT unnest(string_split($control, '|'))), TRUE)
GROUP BY ids.user_id
ORDER BY ids.user_id;
