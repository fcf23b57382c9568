-- The store of one workspace. Raw tables keep every accepted row with its import, so that undo is a
-- delete; the tables below "derived" are rebuilt from them by rebuild.sql after every change.
-- Integer keys stand for ids (dictionaries): small, fast to join; ids stay the text they were.
CREATE TYPE event_kind AS ENUM
  ('impression', 'click', 'view', 'search', 'favourite', 'cart', 'purchase', 'refund');

CREATE TABLE meta (name VARCHAR PRIMARY KEY, value VARCHAR);
CREATE SEQUENCE import_ids;
CREATE TABLE imports (
  import_id INTEGER, imported_at TIMESTAMP, file_name VARCHAR, sha256 VARCHAR, table_name VARCHAR,
  tables VARCHAR, profile VARCHAR, encoding VARCHAR, delimiter VARCHAR,
  rows_in BIGINT, accepted BIGINT, rejected BIGINT, excluded BIGINT, report VARCHAR);
CREATE TABLE rejects (import_id INTEGER, line BIGINT, column_name VARCHAR, code VARCHAR, value VARCHAR);

CREATE TABLE shopper_ids (user_key INTEGER, user_id VARCHAR);
CREATE TABLE item_ids (item_key INTEGER, item_id VARCHAR);
CREATE TABLE order_ids (order_key INTEGER, order_id VARCHAR);

-- ts is UTC without a zone mark; amount is the line amount after its discount, refunds positive
CREATE TABLE events (
  import_id INTEGER, source_row BIGINT, ts TIMESTAMP, user_key INTEGER, item_key INTEGER,
  event event_kind, quantity DOUBLE, amount DECIMAL(18, 4), currency VARCHAR, order_key INTEGER,
  line_id VARCHAR, channel VARCHAR, session_id VARCHAR, query VARCHAR);
-- rows that another import already brought: they come back when that import is undone
CREATE TABLE events_shadow AS SELECT * FROM events;

CREATE TABLE order_rows (
  import_id INTEGER, source_row BIGINT, order_key INTEGER, user_key INTEGER, ts TIMESTAMP,
  status VARCHAR, state VARCHAR, total DECIMAL(18, 4), shipping DECIMAL(18, 4),
  discount DECIMAL(18, 4), refund DECIMAL(18, 4), coupon VARCHAR, currency VARCHAR, channel VARCHAR);
CREATE TABLE customer_rows (
  import_id INTEGER, source_row BIGINT, user_key INTEGER, age_low SMALLINT, age_high SMALLINT,
  age_as_of DATE, birth_date DATE, gender VARCHAR, city VARCHAR, channel VARCHAR,
  first_seen TIMESTAMP, consent_email BOOLEAN, consent_sms BOOLEAN, segment VARCHAR,
  rating DOUBLE, browsing_count BIGINT);
CREATE TABLE product_rows (
  import_id INTEGER, source_row BIGINT, item_key INTEGER, name VARCHAR, name_en VARCHAR,
  category VARCHAR, category_en VARCHAR, brand VARCHAR, price DECIMAL(18, 4), cost DECIMAL(18, 4),
  stock DOUBLE);
CREATE TABLE sends (
  import_id INTEGER, source_row BIGINT, campaign VARCHAR, user_key INTEGER, sent_at TIMESTAMP,
  arm VARCHAR, responded_at TIMESTAMP, outcome VARCHAR);
CREATE TABLE reviews (
  import_id INTEGER, source_row BIGINT, user_key INTEGER, item_key INTEGER, ts TIMESTAMP,
  stars DOUBLE, text VARCHAR);
CREATE TABLE messages (
  import_id INTEGER, source_row BIGINT, user_key INTEGER, ts TIMESTAMP, text VARCHAR,
  intent VARCHAR);
CREATE TABLE artefacts (kind VARCHAR, name VARCHAR, value VARCHAR, saved_at TIMESTAMP);

-- derived ---------------------------------------------------------------------------------------
CREATE TABLE orders (
  order_key INTEGER, user_key INTEGER, ts TIMESTAMP, channel VARCHAR, status VARCHAR,
  state VARCHAR,           -- 'paid' | 'unpaid' | 'cancelled'
  revenue DECIMAL(18, 4),  -- total less shipping and refunds; 0 unless paid
  currency VARCHAR, lines BIGINT, coupon VARCHAR);
CREATE TABLE customers (
  user_key INTEGER, age SMALLINT, age_band VARCHAR, birth_date DATE, gender VARCHAR, city VARCHAR,
  channel VARCHAR, first_seen TIMESTAMP, consent_email BOOLEAN, consent_sms BOOLEAN,
  segment VARCHAR, rating DOUBLE, browsing_count BIGINT);
CREATE TABLE products (
  item_key INTEGER, name VARCHAR, name_en VARCHAR, category VARCHAR, category_en VARCHAR,
  brand VARCHAR, price DECIMAL(18, 4), cost DECIMAL(18, 4), stock DOUBLE);

-- What happened, once: event rows of orders that were neither cancelled nor left unpaid, and one
-- purchase for each paid order that no file gave lines for.
CREATE VIEW activity AS
  SELECT e.ts, e.user_key, e.item_key, e.event, e.quantity, e.amount, e.currency, e.order_key, e.channel
  FROM events e
  WHERE e.order_key IS NULL
     OR e.order_key NOT IN (SELECT order_key FROM orders WHERE state <> 'paid')
  UNION ALL
  SELECT o.ts, o.user_key, NULL, 'purchase'::event_kind, NULL, o.revenue, o.currency, o.order_key, o.channel
  FROM orders o WHERE o.state = 'paid' AND o.lines = 0;

CREATE TABLE shopper_facts (
  user_key INTEGER, channel VARCHAR, event event_kind, events BIGINT, amount DOUBLE,
  first_ts TIMESTAMP, last_ts TIMESTAMP);
CREATE TABLE item_facts (item_key INTEGER, event event_kind, events BIGINT, amount DOUBLE);
CREATE TABLE hour_facts (local_hour TIMESTAMP, event event_kind, channel VARCHAR, events BIGINT);
