-- views (in one visit), visits: how many products are looked at in a visit (see visits)
SELECT CAST(views AS BIGINT) AS views, visits FROM visit_views_totals ORDER BY 1
