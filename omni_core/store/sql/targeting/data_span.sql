-- First and last moment (UTC) at which a shopper did anything.
SELECT min(first_ts) AS first_ts, max(last_ts) AS last_ts FROM activity_span;
