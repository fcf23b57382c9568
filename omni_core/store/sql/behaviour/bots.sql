-- user, views: who looks like a machine (200 views or more, nothing wanted or bought, less than ten
-- seconds between events on average)
SELECT s.user_id AS "user", f.views FROM person_facts f JOIN shoppers s ON s.user_key = f.user_key
WHERE f.bot ORDER BY f.views DESC, s.user_id
