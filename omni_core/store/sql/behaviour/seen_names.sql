-- item, name: goods that shoppers did anything with and that have a name beside their id
WITH seen AS (SELECT DISTINCT item_key FROM item_facts)
SELECT i.item_id AS item, p.name FROM seen s JOIN item_ids i ON i.item_key = s.item_key
JOIN products p ON p.item_key = s.item_key
WHERE p.name IS NOT NULL AND p.name <> i.item_id ORDER BY i.item_id
