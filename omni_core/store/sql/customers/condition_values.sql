-- field, value, shoppers: what the conditions of a segment can be set to
-- small cells: shoppers within field
SELECT 'age_band' AS field, age_band AS value, count(*) AS shoppers FROM person_facts GROUP BY age_band
UNION ALL SELECT 'gender', gender, count(*) FROM person_facts GROUP BY gender
UNION ALL SELECT 'city', city, count(*) FROM person_facts GROUP BY city
UNION ALL SELECT 'rfm', rfm, count(*) FROM person_facts GROUP BY rfm
UNION ALL SELECT 'channel', c, count(*) FROM (SELECT unnest(channel) AS c FROM person_facts) u GROUP BY c
UNION ALL SELECT 'category', c, count(*) FROM (SELECT unnest(category) AS c FROM person_facts) u GROUP BY c
UNION ALL SELECT 'segment', segment, count(*) FROM customers WHERE segment IS NOT NULL GROUP BY segment
ORDER BY field, shoppers DESC, value
