-- week (its Monday, in the shop's time zone), kind ("new": a shopper's first order of all that are
-- stored; "returning"), orders, shoppers, revenue (main currency)
SELECT week, kind, orders, shoppers, revenue FROM order_weeks ORDER BY week, kind
