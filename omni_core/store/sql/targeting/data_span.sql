-- First and last moment (UTC) at which a shopper did anything.
SELECT min(ts) AS first_ts, max(ts) AS last_ts FROM activity;
