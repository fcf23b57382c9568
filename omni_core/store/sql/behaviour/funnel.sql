-- step (view, cart, purchase: those the data have), shoppers who did it and all steps before,
-- share_of_previous (none for the first step)
WITH did AS (
  SELECT CASE WHEN views > 0 THEN 1 ELSE 0 END AS viewed,
    CASE WHEN carts > 0 THEN 1 ELSE 0 END AS carted,
    CASE WHEN purchases > 0 THEN 1 ELSE 0 END AS bought, count(*) AS shoppers FROM shopper_sums
  WHERE user_key IS NOT NULL AND ($segment IS NULL OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment))
  GROUP BY 1, 2, 3),
-- a step that no file records is left out, not shown as everybody lost
has AS (SELECT coalesce(max(viewed), 0) AS viewed, coalesce(max(carted), 0) AS carted,
  coalesce(max(bought), 0) AS bought FROM did),
steps AS (
  SELECT 1 AS place, 'view' AS step, h.viewed AS there,
    coalesce(sum(d.shoppers) FILTER (d.viewed = 1), 0) AS shoppers FROM did d, has h GROUP BY h.viewed
  UNION ALL
  SELECT 2, 'cart', h.carted,
    coalesce(sum(d.shoppers) FILTER (d.carted = 1 AND (h.viewed = 0 OR d.viewed = 1)), 0)
  FROM did d, has h GROUP BY h.viewed, h.carted
  UNION ALL
  SELECT 3, 'purchase', h.bought,
    coalesce(sum(d.shoppers) FILTER (d.bought = 1 AND (h.viewed = 0 OR d.viewed = 1) AND (h.carted = 0 OR d.carted = 1)), 0)
  FROM did d, has h GROUP BY h.viewed, h.carted, h.bought)
SELECT step, CAST(shoppers AS BIGINT) AS shoppers,
  CAST(shoppers AS DOUBLE) / nullif(lag(shoppers) OVER (ORDER BY place), 0) AS share_of_previous
FROM steps WHERE there = 1 ORDER BY place
