-- user (key), id, age_band, segment: what every shopper is called and belongs to, for lists of all
SELECT s.user_key AS user, s.user_id AS id, c.age_band, c.segment
FROM shoppers s LEFT JOIN customers c ON c.user_key = s.user_key
ORDER BY s.user_key
