-- Categories of goods that were bought, most buyers first: category, buyers.
SELECT p.category, count(DISTINCT a.user_key) AS buyers
FROM activity AS a JOIN products AS p ON p.item_key = a.item_key
WHERE a.event = 'purchase' AND a.user_key IS NOT NULL AND p.category IS NOT NULL
GROUP BY p.category
ORDER BY buyers DESC, p.category;
