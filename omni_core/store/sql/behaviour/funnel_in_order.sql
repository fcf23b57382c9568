-- step (view, cart, purchase: those the data have), shoppers who did it after the step before (the
-- first cart after the first view, the first purchase after that cart), share_of_previous, lost (share
-- of the step before that did not come so far), hours (median since the step before)
WITH there AS (
  SELECT count(viewed_at) > 0 AS views, count(carted_at) > 0 AS carts FROM journey_facts),
-- a step that nobody is on record with is passed over
steps AS (
  SELECT j.viewed_at,
    CASE WHEN NOT t.views OR j.viewed_at IS NOT NULL THEN j.carted_at END AS carted_at,
    CASE WHEN t.views AND j.viewed_at IS NULL THEN NULL WHEN t.carts THEN j.bought_after_cart
      ELSE j.bought_after_view END AS bought_at
  FROM journey_facts j CROSS JOIN there t
  WHERE $segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment)),
has AS (
  SELECT count(viewed_at) AS views, count(carted_at) AS carts, count(bought_at) AS sold FROM steps),
counted AS (
  SELECT 1 AS place, 'view' AS step, (SELECT views FROM has) AS shoppers, NULL AS hours
  UNION ALL
  SELECT 2, 'cart', (SELECT carts FROM has),
    (SELECT median(date_diff('second', viewed_at, carted_at)) / 3600.0 FROM steps)
  UNION ALL
  SELECT 3, 'purchase', (SELECT sold FROM has),
    (SELECT median(date_diff('second', CASE WHEN (SELECT carts FROM has) > 0 THEN carted_at
      ELSE viewed_at END, bought_at)) / 3600.0 FROM steps))
SELECT step, CAST(shoppers AS BIGINT) AS shoppers,
  CAST(shoppers AS DOUBLE) / nullif(lag(shoppers) OVER (ORDER BY place), 0) AS share_of_previous,
  1 - CAST(shoppers AS DOUBLE) / nullif(lag(shoppers) OVER (ORDER BY place), 0) AS lost,
  CAST(hours AS DOUBLE) AS hours
FROM counted WHERE shoppers > 0 ORDER BY place
