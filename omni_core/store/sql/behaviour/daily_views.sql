-- views (on one day, of all shoppers together), days: how busy days are; by the visits' first day
SELECT CAST(views AS BIGINT) AS views, count(*) AS days FROM visit_days WHERE views > 0
GROUP BY views ORDER BY 1
