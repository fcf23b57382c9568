-- What costs a pass over the rows and few imports are asked for: made when a query first names it,
-- or ahead of all questions, and kept until the rows change (on_demand.py). Statements end with ";"
-- at a line's end.

-- Where each shopper was seen; first, because the panels ask for it.
CREATE OR REPLACE TABLE shopper_channels AS
SELECT user_key, channel FROM activity WHERE user_key IS NOT NULL GROUP BY user_key, channel;

-- What each shopper did in each channel.
CREATE OR REPLACE TABLE shopper_facts AS
SELECT user_key, channel, event, count(*) AS events, min(ts) AS first_ts, max(ts) AS last_ts
FROM activity WHERE user_key IS NOT NULL GROUP BY user_key, channel, event;

-- One row a visit: a shopper's events with no pause longer than 30 minutes. seconds: from its first to
-- its last event, empty where it has only one; browsed: events that are no purchase; step_1 to step_3:
-- its first kinds of event, one after another of the same kind counted once. The rows are sorted once
-- and every window walks along them in that order: a visit ends where the next one opens, the last
-- one at a row of nobody that stands for the end.
CREATE OR REPLACE TABLE visit_facts AS
WITH walk AS (
  SELECT user_key, ts, event, channel FROM (
    SELECT user_key, ts, event, channel FROM activity
    WHERE user_key IS NOT NULL AND event NOT IN ('refund', 'impression')
    UNION ALL SELECT NULL, NULL, NULL, NULL)
  ORDER BY user_key NULLS LAST, ts, event, channel),
marked AS (
  SELECT user_key, ts, event, channel, lag(ts) OVER () AS before_ts, lag(event) OVER () AS before,
    NOT coalesce(user_key = lag(user_key) OVER ()
      AND ts - lag(ts) OVER () <= INTERVAL 30 MINUTE, false) AS opens,
    row_number() OVER () AS n,
    count(CASE WHEN event = 'view' THEN 1 END) OVER (ROWS UNBOUNDED PRECEDING) AS views,
    count(CASE WHEN event <> 'purchase' THEN 1 END) OVER (ROWS UNBOUNDED PRECEDING) AS browsed
  FROM walk),
changes AS (
  SELECT user_key, ts, event, channel, before_ts, opens, n,
    views - CASE WHEN event = 'view' THEN 1 ELSE 0 END AS views,
    browsed - CASE WHEN event <> 'purchase' THEN 1 ELSE 0 END AS browsed,
    lead(event) OVER () AS second, lead(opens) OVER () AS second_opens,
    lead(event, 2) OVER () AS third, lead(opens, 2) OVER () AS third_opens
  FROM marked WHERE opens OR event <> before),
openings AS (
  SELECT user_key, ts, channel, n, views, browsed, event AS step_1,
    CASE WHEN NOT second_opens THEN second END AS step_2,
    CASE WHEN NOT second_opens AND NOT third_opens THEN third END AS step_3,
    lead(before_ts) OVER () AS last_ts, lead(n) OVER () AS next_n,
    lead(views) OVER () AS next_views, lead(browsed) OVER () AS next_browsed
  FROM changes WHERE opens)
SELECT user_key, ts, channel,
  CAST(CASE WHEN next_n - n > 1 THEN date_diff('second', ts, last_ts) END AS INTEGER) AS seconds,
  CAST(next_views - views AS INTEGER) AS views, CAST(next_browsed - browsed AS INTEGER) AS browsed,
  step_1, step_2, step_3
FROM openings WHERE user_key IS NOT NULL;

-- What the pages ask of visits, carts and orders: small, so that only the first question takes long.
-- With filters they are made of the rows that those leave (queries.py).
CREATE OR REPLACE TABLE visit_totals AS
SELECT count(*) AS visits, count(DISTINCT user_key) AS shoppers,
  CAST(coalesce(sum(views), 0) AS BIGINT) AS views,
  CAST(median(seconds) / 60.0 AS DOUBLE) AS minutes,
  -- of the visits that views can be told of: whoever only bought is on record with none
  count(CASE WHEN views > 0 THEN 1 END) AS viewing
FROM visit_facts;

CREATE OR REPLACE TABLE visit_views_totals AS
SELECT views, count(*) AS visits FROM visit_facts WHERE views > 0 GROUP BY views;

-- quarter hours are converted to the shop's zone, not rows
CREATE OR REPLACE TABLE visit_days AS
SELECT CAST(timezone($zone, timezone('UTC', quarter)) AS DATE) AS day, sum(views) AS views
FROM (
  SELECT time_bucket(INTERVAL 15 MINUTE, ts) AS quarter, sum(views) AS views
  FROM visit_facts GROUP BY quarter)
GROUP BY day;

-- the first three kinds of event of each shopper's first visit, as "view,cart,purchase"; without
-- those whose visits are all purchases only
CREATE OR REPLACE TABLE first_steps_totals AS
WITH visits AS (SELECT user_key, ts, browsed, step_1, step_2, step_3 FROM visit_facts),
firsts AS (
  SELECT user_key, min(ts) AS ts FROM visits GROUP BY user_key HAVING sum(browsed) > 0),
counted AS (
  SELECT v.step_1, v.step_2, v.step_3, count(*) AS shoppers
  FROM visits v JOIN firsts f ON f.user_key = v.user_key AND f.ts = v.ts
  GROUP BY v.step_1, v.step_2, v.step_3)
SELECT concat_ws(',', step_1, step_2, step_3) AS steps, shoppers FROM counted;

CREATE OR REPLACE TABLE cart_totals AS
SELECT fate, count(*) AS carts, count(DISTINCT user_key) AS shoppers,
  CAST(coalesce(sum(amount), 0) AS DOUBLE) AS amount, count(amount) AS priced
FROM cart_facts GROUP BY fate;

-- What shoppers whose age is known bought of each category.
CREATE OR REPLACE TABLE taste_totals AS
SELECT c.age_band AS band, p.category, min(p.category_en) AS category_en, count(*) AS purchases,
  count(DISTINCT a.user_key) AS shoppers
FROM activity a JOIN customers c ON c.user_key = a.user_key
JOIN products p ON p.item_key = a.item_key
WHERE a.event = 'purchase' AND p.category IS NOT NULL AND c.age_band <> 'unknown'
GROUP BY c.age_band, p.category;

-- Paid orders of known shoppers: a shopper's first of all that are stored is "new".
CREATE OR REPLACE TABLE order_facts AS
WITH firsts AS (
  SELECT user_key, min(ts) FILTER (NOT returned) AS first_ts FROM orders
  WHERE state = 'paid' AND user_key IS NOT NULL GROUP BY user_key)
SELECT o.user_key, o.ts, o.channel, o.returned, o.main, o.revenue,
  CASE WHEN o.ts <= f.first_ts THEN 'new' ELSE 'returning' END AS kind
FROM orders o JOIN firsts f ON f.user_key = o.user_key WHERE o.state = 'paid';

CREATE OR REPLACE TABLE order_weeks AS
SELECT CAST(date_trunc('week', timezone($zone, timezone('UTC', ts))) AS DATE) AS week, kind,
  count(*) FILTER (NOT returned) AS orders,
  count(DISTINCT user_key) FILTER (NOT returned) AS shoppers,
  CAST(coalesce(sum(revenue) FILTER (main), 0) AS DOUBLE) AS revenue
FROM order_facts GROUP BY week, kind;

-- Of each shopper the first view, the first cart from then on, the first purchase from that cart on,
-- and the first from that view on; of who has no view or cart, the first of all. What a step is that
-- nobody is on record with is for the query to say (funnel_in_order.sql). In pieces, for the memory.
CREATE OR REPLACE TABLE journey_facts AS
WITH kinds AS (
  SELECT user_key, ts, event FROM activity
  WHERE user_key IS NOT NULL AND user_key % $pieces = $piece),
viewed AS (
  SELECT user_key, min(CASE WHEN event IN ('view', 'click') THEN ts END) AS viewed_at
  FROM kinds WHERE event IN ('click', 'view', 'cart', 'purchase') GROUP BY user_key),
carted AS (
  SELECT v.user_key, v.viewed_at, min(k.ts) AS carted_at
  FROM viewed v LEFT JOIN (SELECT user_key, ts FROM kinds WHERE event = 'cart') k
    ON k.user_key = v.user_key AND k.ts >= coalesce(v.viewed_at, k.ts)
  GROUP BY v.user_key, v.viewed_at)
SELECT c.user_key, c.viewed_at, c.carted_at,
  min(CASE WHEN k.ts >= c.carted_at THEN k.ts END) AS bought_after_cart,
  min(CASE WHEN k.ts >= coalesce(c.viewed_at, k.ts) THEN k.ts END) AS bought_after_view
FROM carted c LEFT JOIN (SELECT user_key, ts FROM kinds WHERE event = 'purchase') k
  ON k.user_key = c.user_key
GROUP BY c.user_key, c.viewed_at, c.carted_at;

-- One row a product put into a cart. fate: "sold" (ordered within an hour), "recovered" (within 72
-- hours), "open" (neither, but the data end within 72 hours of it), "left". An order counts though
-- it was not paid for later. Orders without lines name no product: any product in the cart will do.
CREATE OR REPLACE TABLE cart_facts AS
WITH placed AS (
  SELECT user_key, item_key, ts FROM person_events
  WHERE event = 'purchase' AND user_key IS NOT NULL
  UNION ALL
  SELECT user_key, NULL, ts FROM orders WHERE lines = 0 AND NOT returned AND user_key IS NOT NULL),
put AS (
  SELECT user_key, item_key, ts, channel, amount, quantity FROM person_events
  WHERE event = 'cart' AND user_key IS NOT NULL),
named AS (
  SELECT p.*, b.ts AS named_at FROM put p ASOF LEFT JOIN
    (SELECT user_key, item_key, ts FROM placed WHERE item_key IS NOT NULL) b
    ON p.user_key = b.user_key AND p.item_key = b.item_key AND p.ts <= b.ts),
met AS (
  SELECT n.*, b.ts AS any_at FROM named n ASOF LEFT JOIN
    (SELECT user_key, ts FROM placed WHERE item_key IS NULL) b
    ON n.user_key = b.user_key AND n.ts <= b.ts),
ends AS (SELECT max(last_ts) AS ts FROM activity_span)
SELECT m.user_key, m.item_key, m.ts, m.channel, least(m.named_at, m.any_at) AS bought_at,
  CAST(coalesce(m.amount, p.price * coalesce(m.quantity, 1)) AS DOUBLE) AS amount,
  CASE WHEN least(m.named_at, m.any_at) <= m.ts + INTERVAL 1 HOUR THEN 'sold'
       WHEN least(m.named_at, m.any_at) <= m.ts + INTERVAL 72 HOUR THEN 'recovered'
       WHEN m.ts > e.ts - INTERVAL 72 HOUR THEN 'open' ELSE 'left' END AS fate
FROM met m CROSS JOIN ends e LEFT JOIN products p ON p.item_key = m.item_key;

-- Buyers by how long ago, how often and how much, each from 1 to 5 by rank (equal values share their
-- mean rank; fewer different values, fewer scores), and the name of the group. As of the end of the
-- data, or of today where rows lie in the future.
CREATE OR REPLACE TABLE rfm_facts AS
WITH now AS (
  SELECT least(max(ts), CAST($now AS TIMESTAMP)) AS ts FROM orders WHERE state = 'paid'),
bought AS (
  SELECT o.user_key, max(o.ts) FILTER (NOT o.returned) AS last_ts,
    count(*) FILTER (NOT o.returned) AS orders,
    CAST(coalesce(sum(o.revenue) FILTER (o.main), 0) AS DOUBLE) AS revenue
  FROM orders o CROSS JOIN now n
  WHERE o.state = 'paid' AND o.user_key IS NOT NULL AND o.ts <= n.ts
  GROUP BY o.user_key HAVING count(*) FILTER (NOT o.returned) > 0),
ranked AS (
  SELECT user_key, last_ts, orders, revenue, count(*) OVER () AS n,
    rank() OVER (ORDER BY last_ts) + (count(*) OVER (PARTITION BY last_ts) - 1) / 2.0 AS r,
    rank() OVER (ORDER BY orders) + (count(*) OVER (PARTITION BY orders) - 1) / 2.0 AS f,
    rank() OVER (ORDER BY revenue) + (count(*) OVER (PARTITION BY revenue) - 1) / 2.0 AS m
  FROM bought),
scored AS (
  SELECT user_key, last_ts, orders, revenue,
    CAST(least(5, greatest(1, ceil(5 * (r - 0.5) / n))) AS INTEGER) AS r,
    CAST(least(5, greatest(1, ceil(5 * (f - 0.5) / n))) AS INTEGER) AS f,
    CAST(least(5, greatest(1, ceil(5 * (m - 0.5) / n))) AS INTEGER) AS m
  FROM ranked)
SELECT user_key, last_ts, orders, revenue, r, f, m,
  CASE WHEN r >= 4 AND orders > 1 AND f + m >= 9 THEN 'champions'
       WHEN r >= 4 AND orders > 1 AND f + m >= 7 THEN 'loyal'
       WHEN r >= 4 AND orders > 1 THEN 'promising'
       WHEN r >= 4 THEN 'new'
       WHEN r = 3 AND orders > 1 THEN 'need_attention'
       WHEN r = 3 THEN 'hesitant'
       WHEN orders > 1 AND f + m >= 9 THEN 'cant_lose'
       WHEN orders > 1 THEN 'at_risk'
       WHEN r = 2 THEN 'sleeping'
       ELSE 'lost' END AS rfm
FROM scored;

-- What each person did in all channels.
CREATE OR REPLACE TABLE deeds AS
SELECT user_key, count(*) FILTER (event IN ('view', 'click')) AS views,
  count(*) FILTER (event NOT IN ('view', 'click', 'impression', 'search')) AS acts,
  min(ts) AS first_ts, max(ts) AS last_ts
FROM activity WHERE user_key IS NOT NULL GROUP BY user_key;

-- who looks at much and wants nothing; a table of its own, so that the engine knows how few they are
-- before it reads the rows
CREATE OR REPLACE TABLE mere_readers AS
SELECT user_key FROM deeds WHERE views >= 200 AND acts = 0;

-- the mean pause within the visits of those few
CREATE OR REPLACE TABLE reading_paces AS
SELECT user_key, avg(pause) AS pause FROM (
  SELECT user_key,
    date_diff('second', lag(ts) OVER (PARTITION BY user_key ORDER BY ts), ts) AS pause
  FROM activity WHERE user_key IN (SELECT user_key FROM mere_readers)) p
WHERE pause <= 1800 GROUP BY user_key;

-- The categories that each person bought from.
CREATE OR REPLACE TABLE person_categories AS
SELECT a.user_key, list(DISTINCT p.category ORDER BY p.category) AS categories
FROM activity a JOIN products p ON p.item_key = a.item_key
WHERE a.event = 'purchase' AND p.category IS NOT NULL AND a.user_key IS NOT NULL
GROUP BY a.user_key;

-- The channels that each person came through.
CREATE OR REPLACE TABLE used_channels AS
SELECT user_key, list(channel ORDER BY channel) AS channels FROM shopper_channels
WHERE channel IS NOT NULL AND user_key IS NOT NULL GROUP BY user_key;

-- What is known of each person, for the conditions that segments are made of (segments.py). In
-- pieces: so many joins of so many people need more memory than any other table.
CREATE OR REPLACE TABLE person_facts AS
WITH now AS (SELECT least(max(last_ts), CAST($now AS TIMESTAMP)) AS ts FROM deeds),
bought AS (
  SELECT user_key, count(*) FILTER (NOT returned) AS orders,
    -- what an order's mean is of: not of a log's purchase of which nobody says the sum
    count(*) FILTER (NOT returned AND main AND NOT (order_key IS NULL AND revenue = 0)) AS summed,
    CAST(coalesce(sum(revenue) FILTER (main), 0) AS DOUBLE) AS revenue,
    max(ts) FILTER (NOT returned) AS last_order
  FROM orders WHERE state = 'paid' AND user_key % $pieces = $piece GROUP BY user_key),
carts AS (
  SELECT user_key, count(*) AS left_carts FROM cart_facts
  WHERE fate = 'left' AND user_key % $pieces = $piece GROUP BY user_key)
SELECT s.user_key, coalesce(b.orders, 0) AS orders, coalesce(b.revenue, 0) AS revenue,
  CASE WHEN b.summed > 0 THEN b.revenue / b.summed END AS mean_order,
  greatest(0, date_diff('day', b.last_order, n.ts)) AS days_since_order,
  greatest(0, date_diff('day', d.last_ts, n.ts)) AS days_since_seen,
  greatest(0, date_diff('day', coalesce(least(c.first_seen, d.first_ts), d.first_ts), n.ts))
    AS days_known,
  coalesce(d.views, 0) AS views, coalesce(k.left_carts, 0) AS left_carts,
  c.age, coalesce(c.age_band, 'unknown') AS age_band, coalesce(c.gender, 'unknown') AS gender,
  coalesce(c.city, 'unknown') AS city, c.consent_email, c.consent_sms,
  coalesce(u.channels, []) AS channel, coalesce(g.categories, []) AS category,
  coalesce(r.rfm, 'none') AS rfm,
  -- a machine reads steadily, at any length, and never wants anything
  coalesce(p.pause < 10, false) AS bot
FROM shoppers s CROSS JOIN now n
LEFT JOIN deeds d ON d.user_key = s.user_key LEFT JOIN used_channels u ON u.user_key = s.user_key
LEFT JOIN bought b ON b.user_key = s.user_key LEFT JOIN person_categories g ON g.user_key = s.user_key
LEFT JOIN customers c ON c.user_key = s.user_key LEFT JOIN rfm_facts r ON r.user_key = s.user_key
LEFT JOIN reading_paces p ON p.user_key = s.user_key LEFT JOIN carts k ON k.user_key = s.user_key
WHERE s.user_key % $pieces = $piece;
