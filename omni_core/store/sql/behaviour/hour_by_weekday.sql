-- weekday (1 = Monday), hour (0-23) in the shop's time zone, events of all kinds;
-- without rows that give a date and no time of day (events_without_hour.sql counts those)
SELECT CAST(((date_diff('day', DATE '1970-01-05', CAST(local_hour AS DATE)) % 7) + 7) % 7 + 1 AS INTEGER) AS weekday,
  CAST(hour(local_hour) AS INTEGER) AS hour, CAST(sum(events) AS BIGINT) AS events
FROM hour_facts WHERE timed
GROUP BY 1, 2 ORDER BY 1, 2
