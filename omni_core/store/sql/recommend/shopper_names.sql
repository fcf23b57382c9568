-- user (key), id: what every shopper is called, for lists of all
SELECT user_key AS user, user_id AS id FROM shoppers ORDER BY user_key
