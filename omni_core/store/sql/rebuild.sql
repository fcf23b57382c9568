-- Everything derived, from the raw rows; statements are separated by ";" at a line's end.
-- One definition for import, undo and repair: adding and subtracting drifts, making anew doesn't.
-- After a smaller change refresh.py takes the same definitions over fewer source rows, so a source is
-- named once in a statement, and what belongs to one shopper or order depends on no other one.
-- $zone: the shop's time zone. Every choice among rows has an order and sums are of decimals, so
-- that a rebuild gives the same tables to the last digit.

-- Rows with the person in the place of the id they came with (merged_ids, see identity.py).
CREATE OR REPLACE VIEW person_events AS
SELECT r.* REPLACE (coalesce(m.user_key, r.user_key) AS user_key)
FROM events r LEFT JOIN merged_ids m ON m.id_key = r.user_key;
CREATE OR REPLACE VIEW person_orders AS
SELECT r.* REPLACE (coalesce(m.user_key, r.user_key) AS user_key)
FROM order_rows r LEFT JOIN merged_ids m ON m.id_key = r.user_key;
CREATE OR REPLACE VIEW person_customers AS
SELECT r.* REPLACE (coalesce(m.user_key, r.user_key) AS user_key)
FROM customer_rows r LEFT JOIN merged_ids m ON m.id_key = r.user_key;
CREATE OR REPLACE VIEW person_sends AS
SELECT r.* REPLACE (coalesce(m.user_key, r.user_key) AS user_key)
FROM send_rows r LEFT JOIN merged_ids m ON m.id_key = r.user_key;
CREATE OR REPLACE VIEW person_reviews AS
SELECT r.* REPLACE (coalesce(m.user_key, r.user_key) AS user_key)
FROM review_rows r LEFT JOIN merged_ids m ON m.id_key = r.user_key;
CREATE OR REPLACE VIEW person_messages AS
SELECT r.* REPLACE (coalesce(m.user_key, r.user_key) AS user_key)
FROM message_rows r LEFT JOIN merged_ids m ON m.id_key = r.user_key;
-- everybody by the id that stands for her
CREATE OR REPLACE VIEW shoppers AS
SELECT user_key, user_id FROM shopper_ids WHERE user_key NOT IN (SELECT id_key FROM merged_ids);

-- Customers: the last file that gives a value wins, column by column.
CREATE OR REPLACE TABLE customers AS
WITH merged AS (
  SELECT user_key,
    arg_max(age_low, (import_id, source_row)) FILTER (age_low IS NOT NULL) AS age_low,
    arg_max(age_high, (import_id, source_row)) FILTER (age_low IS NOT NULL) AS age_high,
    arg_max(birth_date, (import_id, source_row)) FILTER (birth_date IS NOT NULL) AS birth_date,
    arg_max(gender, (import_id, source_row)) FILTER (gender IS NOT NULL) AS gender,
    arg_max(city, (import_id, source_row)) FILTER (city IS NOT NULL) AS city,
    arg_max(channel, (import_id, source_row)) FILTER (channel IS NOT NULL) AS channel,
    min(first_seen) AS first_seen,
    arg_max(consent_email, (import_id, source_row)) FILTER (consent_email IS NOT NULL) AS consent_email,
    arg_max(consent_sms, (import_id, source_row)) FILTER (consent_sms IS NOT NULL) AS consent_sms,
    arg_max(segment, (import_id, source_row)) FILTER (segment IS NOT NULL) AS segment,
    arg_max(rating, (import_id, source_row)) FILTER (rating IS NOT NULL) AS rating,
    arg_max(browsing_count, (import_id, source_row)) FILTER (browsing_count IS NOT NULL) AS browsing_count
  FROM person_customers GROUP BY user_key)
SELECT user_key,
  CASE WHEN age_low = age_high THEN age_low END AS age,
  CASE
    WHEN age_low IS NULL THEN 'unknown'
    WHEN age_high < 18 THEN 'under 18'
    -- a band given by the file goes to the band that holds its middle
    WHEN (age_low + age_high) / 2.0 < 25 THEN '18-24'
    WHEN (age_low + age_high) / 2.0 < 35 THEN '25-34'
    WHEN (age_low + age_high) / 2.0 < 45 THEN '35-44'
    WHEN (age_low + age_high) / 2.0 < 55 THEN '45-54'
    WHEN (age_low + age_high) / 2.0 < 65 THEN '55-64'
    ELSE '65+'
  END AS age_band,
  birth_date, gender, city, channel, first_seen, consent_email, consent_sms, segment, rating,
  browsing_count
FROM merged;

CREATE OR REPLACE TABLE products AS
SELECT item_key,
  arg_max(name, (import_id, source_row)) FILTER (name IS NOT NULL) AS name,
  arg_max(name_en, (import_id, source_row)) FILTER (name_en IS NOT NULL) AS name_en,
  arg_max(category, (import_id, source_row)) FILTER (category IS NOT NULL) AS category,
  arg_max(category_en, (import_id, source_row)) FILTER (category_en IS NOT NULL) AS category_en,
  arg_max(brand, (import_id, source_row)) FILTER (brand IS NOT NULL) AS brand,
  arg_max(price, (import_id, source_row)) FILTER (price IS NOT NULL) AS price,
  arg_max(cost, (import_id, source_row)) FILTER (cost IS NOT NULL) AS cost,
  arg_max(stock, (import_id, source_row)) FILTER (stock IS NOT NULL) AS stock
FROM product_rows GROUP BY item_key;

-- Orders: headers and lines of one order are one purchase; the header's total counts where there
-- is one. Purchases without an order number make one order per shopper and moment. Goods sent back
-- under a number of their own (returned) lower the revenue but are no order. Money in another
-- currency than most orders is kept apart (main is false). A log's purchase without number and
-- amount is no second order where the same shopper has a numbered one within a day (echoes).
CREATE OR REPLACE TABLE numbered AS
WITH headers AS (
  SELECT order_key,
    arg_max(user_key, (import_id, source_row)) FILTER (user_key IS NOT NULL) AS user_key,
    min(ts) AS ts,
    arg_max(status, (import_id, source_row)) FILTER (status IS NOT NULL) AS status,
    arg_max(state, (import_id, source_row)) FILTER (state IS NOT NULL) AS state,
    arg_max(total, (import_id, source_row)) FILTER (total IS NOT NULL) AS total,
    arg_max(shipping, (import_id, source_row)) FILTER (shipping IS NOT NULL) AS shipping,
    arg_max(refund, (import_id, source_row)) FILTER (refund IS NOT NULL) AS refund,
    arg_max(coupon, (import_id, source_row)) FILTER (coupon IS NOT NULL) AS coupon,
    arg_max(currency, (import_id, source_row)) FILTER (currency IS NOT NULL) AS currency,
    arg_max(channel, (import_id, source_row)) FILTER (channel IS NOT NULL) AS channel
  FROM person_orders GROUP BY order_key),
lines AS (
  SELECT order_key, min(user_key) AS user_key, min(ts) AS ts, min(channel) AS channel,
    min(currency) AS currency,
    count(*) FILTER (event = 'purchase') AS lines,
    sum(CASE event WHEN 'purchase' THEN amount WHEN 'refund' THEN -amount END) AS net,
    sum(CASE event WHEN 'refund' THEN amount END) AS refund,
    count(*) FILTER (event = 'refund') AS refund_lines
  FROM person_events WHERE event IN ('purchase', 'refund') AND order_key IS NOT NULL
  GROUP BY order_key)
SELECT coalesce(h.order_key, l.order_key) AS order_key,
  coalesce(h.user_key, l.user_key) AS user_key, coalesce(h.ts, l.ts) AS ts,
  coalesce(h.channel, l.channel) AS channel, h.status,
  -- how much went back is told by the sum, where one stands, not by the word for it
  CASE WHEN h.state = 'refunded' AND h.refund > 0 AND h.refund < coalesce(h.total, l.net) THEN 'paid'
       ELSE coalesce(h.state, 'paid') END AS given,
  coalesce(h.currency, l.currency) AS currency, h.coupon,
  coalesce(l.lines, 0) AS lines,
  coalesce(l.lines = 0 AND l.refund_lines > 0 AND h.total IS NULL, false) AS returned,
  CASE WHEN h.total IS NULL THEN l.net - coalesce(h.refund, 0)
       WHEN coalesce(h.refund, l.refund, 0) <= 0 THEN h.total - coalesce(h.shipping, 0)
       -- a refund may hold the shipping, too, which is no part of the revenue
       ELSE greatest(h.total - coalesce(h.shipping, 0) - coalesce(h.refund, l.refund),
                     least(h.total - coalesce(h.refund, l.refund), 0)) END AS net,
  l.net AS lines_net
FROM headers h FULL JOIN lines l ON h.order_key = l.order_key;

-- a table of its own: the engine then knows how few they are before it reads the lines
CREATE OR REPLACE TEMP TABLE near_orders AS
WITH log AS (
  SELECT import_id, source_row, user_key, item_key, ts FROM person_events
  WHERE event = 'purchase' AND order_key IS NULL AND amount IS NULL
    AND EXISTS (SELECT 1 FROM numbered))
SELECT l.import_id, l.source_row, l.user_key, n.order_key, l.item_key FROM log l
JOIN numbered n ON n.user_key = l.user_key
  AND l.ts BETWEEN n.ts - INTERVAL 1 DAY AND n.ts + INTERVAL 1 DAY
UNION ALL
-- nobody knows who it was: within the time that the numbered orders cover, it is one of them
SELECT import_id, source_row, NULL, NULL, item_key FROM log
WHERE user_key IS NULL AND ts BETWEEN (SELECT min(ts) FROM numbered) AND (SELECT max(ts) FROM numbered);

-- known_item: the numbered order has lines of its own that name the same product
CREATE OR REPLACE TABLE echoes AS
SELECT n.import_id, n.source_row, n.user_key,
  count(e.item_key) > 0 OR bool_and(n.order_key IS NULL) AS known_item
FROM near_orders n
LEFT JOIN (
  SELECT DISTINCT order_key, item_key FROM events
  WHERE order_key IN (SELECT order_key FROM near_orders)) e
  ON e.order_key = n.order_key AND e.item_key = n.item_key
GROUP BY n.import_id, n.source_row, n.user_key;

DROP TABLE near_orders;

CREATE OR REPLACE TABLE loose_orders AS
SELECT user_key, ts, min(channel) AS channel, min(currency) AS currency,
  count(*) FILTER (event = 'purchase') AS lines,
  sum(CASE event WHEN 'purchase' THEN amount WHEN 'refund' THEN -amount END) AS net
FROM person_events
WHERE event IN ('purchase', 'refund') AND order_key IS NULL
  AND (amount IS NOT NULL OR (import_id, source_row) NOT IN (SELECT import_id, source_row FROM echoes))
GROUP BY user_key, ts;

CREATE OR REPLACE TABLE usual_currency AS
SELECT currency
FROM (SELECT currency FROM numbered UNION ALL SELECT currency FROM loose_orders)
WHERE currency IS NOT NULL GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1;

CREATE OR REPLACE TABLE orders AS
WITH joined AS (
  SELECT order_key, user_key, ts, channel, status, given, currency, coupon, lines, returned, net
  FROM numbered
  UNION ALL
  SELECT NULL, user_key, ts, channel, NULL, 'paid', currency, NULL, lines, lines = 0, net
  FROM loose_orders)
SELECT order_key, user_key, ts, CAST(timezone($zone, timezone('UTC', ts)) AS DATE) AS day,
  channel, status,
  CASE WHEN given IN ('unpaid', 'cancelled') THEN given ELSE 'paid' END AS state,
  CASE given WHEN 'unpaid' THEN 0 WHEN 'cancelled' THEN 0 WHEN 'refunded' THEN 0
    ELSE coalesce(net, 0) END::DECIMAL(18, 4) AS revenue,
  currency, lines, coupon, returned,
  currency IS NULL OR currency = (SELECT currency FROM usual_currency) AS main
FROM joined;

-- What part of its line amounts an order really brought, where that differs (a discount or refund
-- of the whole order): products' revenue adds up to the shop's.
CREATE OR REPLACE TABLE order_shares AS
SELECT n.order_key,
  CASE WHEN o.main THEN CAST(o.revenue AS DOUBLE) / CAST(n.lines_net AS DOUBLE) ELSE 0 END AS share
FROM numbered n JOIN orders o ON o.order_key = n.order_key
WHERE n.lines_net <> 0 AND (o.revenue <> n.lines_net OR NOT o.main);

CREATE OR REPLACE TABLE sends AS
SELECT campaign, user_key, sent_at, occurrence,
  arg_max(arm, (import_id, source_row)) AS arm,
  arg_max(responded_at, (import_id, source_row)) AS responded_at,
  arg_max(outcome, (import_id, source_row)) AS outcome
FROM person_sends GROUP BY campaign, user_key, sent_at, occurrence;

CREATE OR REPLACE TABLE reviews AS
SELECT user_key, item_key, ts, text, occurrence,
  arg_max(stars, (import_id, source_row)) AS stars
FROM person_reviews GROUP BY user_key, item_key, ts, text, occurrence;

CREATE OR REPLACE TABLE messages AS
SELECT user_key, ts, text, occurrence, arg_max(intent, (import_id, source_row)) AS intent
FROM person_messages GROUP BY user_key, ts, text, occurrence;

-- What happened, once: event rows of orders that were neither cancelled nor left unpaid, and one
-- purchase for each paid order that no file gave lines for.
CREATE OR REPLACE VIEW seen_events AS
SELECT e.ts, e.user_key, e.item_key, e.event, e.quantity, e.amount, e.currency, e.order_key,
  e.channel, e.import_id, e.source_row
FROM person_events e
WHERE (e.order_key IS NULL OR NOT EXISTS (
    SELECT 1 FROM orders o WHERE o.order_key = e.order_key AND o.state <> 'paid'))
  AND NOT EXISTS (
    SELECT 1 FROM echoes x
    WHERE x.known_item AND x.import_id = e.import_id AND x.source_row = e.source_row);
CREATE OR REPLACE VIEW unlined_orders AS
SELECT o.ts, o.user_key, NULL AS item_key, 'purchase'::event_kind AS event, NULL AS quantity,
  o.revenue AS amount, o.currency, o.order_key, o.channel, NULL AS import_id, NULL AS source_row
FROM orders o
WHERE o.state = 'paid' AND o.lines = 0 AND NOT o.returned AND o.order_key IS NOT NULL;
CREATE OR REPLACE VIEW activity AS
SELECT * FROM seen_events UNION ALL SELECT * FROM unlined_orders;

-- Rollups: what an unfiltered page needs without touching the rows.

-- what each shopper did, and what she is; one row more for nobody's rows
CREATE OR REPLACE VIEW shopper_counts AS
SELECT user_key, CAST(count(*) AS INTEGER) AS events,
  CAST(count(*) FILTER (event = 'view') AS INTEGER) AS views,
  CAST(count(*) FILTER (event = 'cart') AS INTEGER) AS carts,
  CAST(count(*) FILTER (event = 'purchase') AS INTEGER) AS purchases
FROM activity GROUP BY user_key;
CREATE OR REPLACE TABLE shopper_sums AS
SELECT f.user_key, c.age, coalesce(c.age_band, 'unknown') AS age_band, f.events, f.views, f.carts,
  f.purchases
FROM shopper_counts f LEFT JOIN customers c ON c.user_key = f.user_key;

-- the first and the last moment; no shopper's, which no undo could take away again
CREATE OR REPLACE TABLE activity_span AS
SELECT min(ts) AS first_ts, max(ts) AS last_ts FROM activity HAVING count(*) > 0;

-- rollups of earlier versions
DROP TABLE IF EXISTS shopper_facts;
DROP TABLE IF EXISTS channel_facts;
DROP TABLE IF EXISTS shopper_channels;

-- whether anything at all happened, whatever a query's filters leave
CREATE OR REPLACE VIEW anything AS SELECT 1 AS happened FROM shopper_sums LIMIT 1;

-- what each row adds to its product; exact numbers, so that they can be taken away again
CREATE OR REPLACE VIEW item_parts AS
SELECT a.import_id, a.source_row, a.item_key, a.event, a.order_key,
  coalesce(CASE WHEN a.event IN ('purchase', 'refund') THEN
    CASE a.event WHEN 'purchase' THEN 1 ELSE -1 END
    * CAST(a.amount::DOUBLE * coalesce(s.share, CASE WHEN a.currency IS NULL
      OR a.currency = (SELECT currency FROM usual_currency) THEN 1 ELSE 0 END)
      AS DECIMAL(32, 8)) END, 0) AS revenue
FROM activity a LEFT JOIN order_shares s ON s.order_key = a.order_key
WHERE a.item_key IS NOT NULL;

CREATE OR REPLACE TABLE item_facts AS
SELECT item_key, event, count(*) AS events, sum(revenue) AS revenue FROM item_parts
GROUP BY item_key, event;

-- Imports whose times are dates only: each is the moment that a day of the shop began. Few have
-- nothing but full quarters, so few rows are converted.
CREATE OR REPLACE TABLE dated_imports AS
WITH moments AS (
  SELECT import_id, ts FROM events UNION ALL SELECT import_id, ts FROM order_rows),
full_quarters AS (
  SELECT import_id FROM moments WHERE ts IS NOT NULL
  GROUP BY import_id HAVING max(epoch_us(ts) % 900000000) = 0),
days AS (
  SELECT DISTINCT import_id, ts FROM moments
  WHERE ts IS NOT NULL AND import_id IN (SELECT import_id FROM full_quarters))
SELECT import_id FROM days GROUP BY import_id
HAVING bool_and(ts = timezone('UTC', timezone($zone, date_trunc('day',
  timezone($zone, timezone('UTC', ts))))));

-- Quarter hours are converted to the shop's zone, not rows: every zone's offset is a multiple.
-- timed: the file gave a time of day; a date alone stands at midnight and tells no hour. That is asked
-- of imports, and of the orders (unlined) that are in no file of events, not of every row.
CREATE OR REPLACE TABLE hour_facts AS
WITH quarters AS (
  SELECT time_bucket(INTERVAL 15 MINUTE, ts) AS quarter, event, channel, import_id,
    CASE WHEN import_id IS NULL THEN order_key END AS unlined, count(*) AS events
  FROM activity GROUP BY ALL),
told AS (
  SELECT quarter, event, channel, events,
    CASE WHEN import_id IS NOT NULL
      THEN import_id NOT IN (SELECT import_id FROM dated_imports)
      ELSE unlined NOT IN (
        SELECT order_key FROM order_rows WHERE order_key IS NOT NULL
          AND import_id IN (SELECT import_id FROM dated_imports)) END AS timed
  FROM quarters)
SELECT date_trunc('hour', timezone($zone, timezone('UTC', quarter))) AS local_hour, event,
  channel, timed, sum(events) AS events
FROM told GROUP BY local_hour, event, channel, timed;
