-- one row: events whose file gives a date and no time of day, of all events
SELECT CAST(coalesce(sum(events) FILTER (NOT timed), 0) AS BIGINT) AS events,
  CAST(coalesce(sum(events), 0) AS BIGINT) AS of_events
FROM hour_facts
