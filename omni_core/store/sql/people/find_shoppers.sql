-- id: shoppers whose id holds $search, whether they did anything or not; the first ones that came
SELECT user_id AS id FROM shoppers
WHERE contains(user_id, CAST($search AS VARCHAR))
ORDER BY user_key LIMIT 50
