-- one row: customers whose age the files give, and those of them who browse or buy
SELECT count(*) AS customers, count(s.user_key) AS active
FROM customers c LEFT JOIN shopper_sums s ON s.user_key = c.user_key
WHERE c.age_band <> 'unknown'
