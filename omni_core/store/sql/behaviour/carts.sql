-- fate (sold, recovered, left, open: see cart_facts in on_demand.sql), carts (products put into a
-- cart), shoppers, amount (of those whose price is known), priced (how many those are)
SELECT fate, carts, shoppers, amount, priced FROM cart_totals
ORDER BY CASE fate WHEN 'sold' THEN 1 WHEN 'recovered' THEN 2 WHEN 'left' THEN 3 ELSE 4 END
