-- one row: visits (a shopper's events without a pause of more than 30 minutes; a visit belongs to the
-- moment and channel it begins in), shoppers, views, minutes (median length of visits of two events
-- or more), viewing (visits with a view), days (with a visit), events (all of the filters), of_nobody (those of them that name no
-- shopper: in no visit)
SELECT visits, shoppers, views, minutes, viewing, (SELECT count(*) FROM visit_days) AS days,
  (SELECT CAST(coalesce(sum(events), 0) AS BIGINT) FROM shopper_sums
    WHERE $segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment)) AS events,
  (SELECT CAST(coalesce(sum(events), 0) AS BIGINT) FROM shopper_sums
    WHERE user_key IS NULL AND $segment IS NULL) AS of_nobody
FROM visit_totals
