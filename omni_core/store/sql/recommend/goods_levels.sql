-- level ('item', 'name', 'category'), goods: how many different ones shoppers did anything with
WITH seen AS (
  SELECT DISTINCT f.item_key, p.name, p.category
  FROM item_facts f LEFT JOIN products p ON p.item_key = f.item_key
)
SELECT 'item' AS level, count(*) AS goods FROM seen
UNION ALL SELECT 'name', count(DISTINCT name) FROM seen
UNION ALL SELECT 'category', count(DISTINCT category) FROM seen
