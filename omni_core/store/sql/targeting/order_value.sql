-- One row: paid orders in the main currency (goods sent back lower the revenue but are no order, as
-- in summary; nor is a log's purchase of which nobody says the sum), revenue for each of them, and the share of the sales price that
-- is left after the cost of goods (over order lines whose product has a cost; empty without one).
WITH paid AS (
  SELECT count(*) FILTER (NOT returned AND NOT (order_key IS NULL AND revenue = 0)) AS orders, sum(revenue) AS revenue
  FROM orders WHERE state = 'paid' AND main
),
costed AS (
  SELECT a.amount, p.cost * coalesce(a.quantity, 1) AS cost
  FROM activity AS a JOIN products AS p ON p.item_key = a.item_key
  WHERE a.event = 'purchase' AND a.amount > 0 AND p.cost IS NOT NULL
    AND (a.currency IS NULL
      OR a.currency IN (SELECT currency FROM orders WHERE main AND currency IS NOT NULL))
)
SELECT (SELECT orders FROM paid) AS orders,
  (SELECT CAST(revenue AS DOUBLE) / nullif(orders, 0) FROM paid) AS mean_value,
  (SELECT 1 - CAST(sum(cost) AS DOUBLE) / nullif(CAST(sum(amount) AS DOUBLE), 0) FROM costed)
    AS margin_share,
  (SELECT count(*) FROM costed) AS costed_lines;
