-- steps (the first three kinds of event of each shopper's first visit, joined by commas; one after
-- another of the same kind counted once), shoppers, share of these shoppers; the 12
-- most frequent. Of whom only purchases are on record is left out: how she came isn't known.
SELECT steps, shoppers,
  CAST(shoppers AS DOUBLE) / (SELECT sum(shoppers) FROM first_steps_totals) AS share
FROM first_steps_totals ORDER BY shoppers DESC, steps LIMIT 12
