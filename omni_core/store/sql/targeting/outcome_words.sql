-- One row per word in the outcome column of the sends that is no number: how many sends without a
-- time of answer say it, most first.
SELECT lower(trim(outcome)) AS word, count(*) AS sends
FROM sends
WHERE campaign IS NOT NULL AND user_key IS NOT NULL AND sent_at IS NOT NULL
  AND trim(outcome) <> '' AND try_cast(outcome AS DOUBLE) IS NULL
  AND coalesce(responded_at < sent_at, TRUE)
GROUP BY lower(trim(outcome))
ORDER BY sends DESC, word;
