-- The store of one workspace. The *_rows tables and events keep every accepted row with its import,
-- so that undo is a delete; the tables below "derived" are rebuilt from them after every change
-- (rebuild.sql). Integer keys stand for ids: small and fast to join; ids stay the text they were.
CREATE TYPE event_kind AS ENUM
  ('impression', 'click', 'view', 'search', 'favourite', 'cart', 'purchase', 'refund');

CREATE TABLE meta (name VARCHAR PRIMARY KEY, value VARCHAR);
CREATE SEQUENCE import_ids;
CREATE TABLE imports (
  import_id INTEGER, imported_at TIMESTAMP, file_name VARCHAR, sha256 VARCHAR, table_name VARCHAR,
  tables VARCHAR, profile VARCHAR, encoding VARCHAR, delimiter VARCHAR,
  rows_in BIGINT, accepted BIGINT, rejected BIGINT, excluded BIGINT);
CREATE TABLE rejects (
  import_id INTEGER, line BIGINT, column_name VARCHAR, code VARCHAR, value VARCHAR);
CREATE TABLE artefacts (kind VARCHAR, name VARCHAR, value VARCHAR, saved_at TIMESTAMP);

CREATE TABLE shopper_ids (user_key INTEGER, user_id VARCHAR);
CREATE TABLE item_ids (item_key INTEGER, item_id VARCHAR);
CREATE TABLE order_ids (order_key INTEGER, order_id VARCHAR);

-- ts is UTC without a zone mark; amount is the line amount after its discount, positive for refunds
CREATE TABLE events (
  import_id INTEGER, source_row INTEGER, ts TIMESTAMP, user_key INTEGER, item_key INTEGER,
  event event_kind, quantity DOUBLE, amount DECIMAL(18, 4), currency VARCHAR, order_key INTEGER,
  channel VARCHAR);
-- rows that another import had already brought: they step in when that import is undone
CREATE TABLE events_shadow AS SELECT * FROM events;
-- what few files have; apart, because an empty column of text costs as much time as a full one
CREATE TABLE event_details (
  import_id INTEGER, source_row INTEGER, line_id VARCHAR, session_id VARCHAR, query VARCHAR);

-- occurrence tells rows of one import with the same natural key apart (1, 2, ...)
CREATE TABLE order_rows (
  import_id INTEGER, source_row INTEGER, occurrence INTEGER, order_key INTEGER, user_key INTEGER,
  ts TIMESTAMP, status VARCHAR, state VARCHAR, total DECIMAL(18, 4), shipping DECIMAL(18, 4),
  discount DECIMAL(18, 4), refund DECIMAL(18, 4), coupon VARCHAR, currency VARCHAR,
  channel VARCHAR);
CREATE TABLE customer_rows (
  import_id INTEGER, source_row INTEGER, occurrence INTEGER, user_key INTEGER, age_low SMALLINT,
  age_high SMALLINT, birth_date DATE, gender VARCHAR, city VARCHAR, channel VARCHAR,
  first_seen TIMESTAMP, consent_email BOOLEAN, consent_sms BOOLEAN, segment VARCHAR,
  rating DOUBLE, browsing_count BIGINT);
CREATE TABLE product_rows (
  import_id INTEGER, source_row INTEGER, occurrence INTEGER, item_key INTEGER, name VARCHAR,
  name_en VARCHAR, category VARCHAR, category_en VARCHAR, brand VARCHAR, price DECIMAL(18, 4),
  cost DECIMAL(18, 4), stock DOUBLE);
CREATE TABLE send_rows (
  import_id INTEGER, source_row INTEGER, occurrence INTEGER, campaign VARCHAR, user_key INTEGER,
  sent_at TIMESTAMP, arm VARCHAR, responded_at TIMESTAMP, outcome VARCHAR);
CREATE TABLE review_rows (
  import_id INTEGER, source_row INTEGER, occurrence INTEGER, user_key INTEGER, item_key INTEGER,
  ts TIMESTAMP, stars DOUBLE, text VARCHAR);
CREATE TABLE message_rows (
  import_id INTEGER, source_row INTEGER, occurrence INTEGER, user_key INTEGER, ts TIMESTAMP,
  text VARCHAR, intent VARCHAR);
