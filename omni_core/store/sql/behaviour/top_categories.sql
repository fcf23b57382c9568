-- category, category_en, views, carts, purchases (order lines), revenue (as in top_products); the
-- goods without a category come under ""
SELECT coalesce(p.category, '') AS category, min(p.category_en) AS category_en,
  CAST(coalesce(sum(f.events) FILTER (f.event = 'view'), 0) AS BIGINT) AS views,
  CAST(coalesce(sum(f.events) FILTER (f.event = 'cart'), 0) AS BIGINT) AS carts,
  CAST(coalesce(sum(f.events) FILTER (f.event = 'purchase'), 0) AS BIGINT) AS purchases,
  CAST(coalesce(sum(f.revenue), 0) AS DOUBLE) AS revenue
FROM item_facts f LEFT JOIN products p ON p.item_key = f.item_key
WHERE f.item_key IS NOT NULL
GROUP BY coalesce(p.category, '') ORDER BY purchases DESC, views DESC, category
