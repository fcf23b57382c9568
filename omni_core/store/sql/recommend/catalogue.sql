-- item (key), id, name, name_en, category, brand, price, stock, goods: what an item is called at
-- $level ('item', 'name', 'category'); a group has a price or brand only if all its goods share it.
WITH goods AS (
  SELECT i.item_key, i.item_id, p.category, p.category_en, p.brand, p.price, p.stock,
    CASE $level WHEN 'category' THEN p.category ELSE coalesce(p.name, i.item_id) END AS name,
    CASE $level WHEN 'category' THEN p.category_en ELSE p.name_en END AS name_en,
    CASE $level WHEN 'category' THEN p.category WHEN 'name' THEN p.name ELSE i.item_id END AS one
  FROM item_ids i LEFT JOIN products p ON p.item_key = i.item_key
)
SELECT min(item_key) AS item,
  CASE WHEN $level = 'item' THEN min(item_id) ELSE one END AS id,
  min(name) AS name, min(name_en) AS name_en, min(category) AS category,
  min(category_en) AS category_en,
  CASE WHEN min(brand) = max(brand) THEN min(brand) END AS brand,
  CASE WHEN min(price) = max(price) THEN CAST(min(price) AS DOUBLE) END AS price,
  sum(stock) AS stock, count(*) AS goods
FROM goods WHERE one IS NOT NULL GROUP BY one ORDER BY item
