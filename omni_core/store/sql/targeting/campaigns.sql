-- One row per campaign: when it was first and last sent (UTC), to how many people, how many of them
-- answered, how many were held back as a control group, and how many answers are dated before their
-- send (early: not counted).
SELECT campaign, min(sent_at) AS first_sent, max(sent_at) AS last_sent,
  count(DISTINCT CASE WHEN NOT held THEN user_key END) AS people,
  count(DISTINCT CASE WHEN NOT held AND answered THEN user_key END) AS answers,
  count(DISTINCT CASE WHEN held THEN user_key END) AS held_back,
  count(DISTINCT CASE WHEN NOT held AND NOT answered AND early THEN user_key END) AS early
FROM (
  SELECT campaign, user_key, sent_at, coalesce(responded_at < sent_at, FALSE) AS early,
    coalesce(lower(trim(arm)) IN (SELECT unnest(string_split($control, '|'))), FALSE) AS held,
    coalesce(responded_at >= sent_at OR lower(trim(outcome)) IN (SELECT unnest(string_split($yes, chr(31))))
             OR try_cast(outcome AS DOUBLE) > 0, FALSE) AS answered
  FROM sends WHERE campaign IS NOT NULL AND user_key IS NOT NULL AND sent_at IS NOT NULL
) AS judged
GROUP BY campaign
ORDER BY first_sent, campaign;
