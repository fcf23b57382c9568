-- First and last moment (UTC) at which a shopper did anything.
SELECT first_ts, last_ts FROM activity_span;
