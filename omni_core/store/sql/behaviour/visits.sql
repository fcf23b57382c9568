-- one row: visits (a shopper's events without a pause of more than 30 minutes; a visit belongs to the
-- moment and channel it begins in), shoppers, views, minutes (median length of visits of two events
-- or more), days (with a visit)
SELECT visits, shoppers, views, minutes, days FROM visit_totals
