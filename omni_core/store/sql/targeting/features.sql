-- One row per shopper known before $as_of, or (with $campaign) per person it was sent to: everything
-- known about them by then. $offset: seconds by which the shop's clock is ahead of UTC.
-- Only rows dated before $as_of are read; sums are of decimals and ties are broken by name, so the
-- result is the same to the byte whatever comes later. A customer file's undated columns count as
-- known; a profile that says it began later counts as unknown. $everyone: also who stands in the
-- customer file without a date and has done nothing.
WITH past AS (
  SELECT ts, user_key, item_key, event, amount, try_cast(quantity AS DECIMAL(18, 3)) AS pieces,
         currency, channel,
         coalesce(order_key, -CAST(epoch(ts) AS BIGINT)) AS purchase,
         CAST(floor(epoch($as_of::TIMESTAMP - ts) / 86400) AS BIGINT) AS ago,
         CAST(floor(((CAST(epoch(ts) AS BIGINT) + $offset) % 86400) / 3600) AS BIGINT) AS local_hour
  FROM activity
  WHERE ts < $as_of::TIMESTAMP AND user_key IS NOT NULL
    AND (CAST($campaign AS VARCHAR) IS NULL
         OR user_key IN (SELECT user_key FROM sends WHERE campaign = CAST($campaign AS VARCHAR)))
),
main_currency AS (  -- money in another currency is never added
  SELECT currency FROM activity
  WHERE ts < $as_of::TIMESTAMP AND event = 'purchase' AND currency IS NOT NULL
  GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
),
steps AS (  -- one row per order (or moment) and kind of event: a tenth of the rows to count over
  SELECT user_key, event, purchase, ago, count(*) AS lines, sum(local_hour) AS hours,
    sum(CASE WHEN currency IS NULL OR currency = (SELECT currency FROM main_currency)
             THEN amount ELSE 0 END) AS money
  FROM past GROUP BY user_key, event, purchase, ago
),
done AS (
  SELECT user_key,
    count(DISTINCT CASE WHEN event = 'purchase' AND ago < 28 THEN purchase END) AS orders_28,
    count(DISTINCT CASE WHEN event = 'purchase' AND ago < 84 THEN purchase END) AS orders_84,
    count(DISTINCT CASE WHEN event = 'purchase' THEN purchase END) AS orders_all,
    sum(CASE WHEN event = 'purchase' AND ago < 28 THEN money ELSE 0 END) AS spend_28,
    sum(CASE WHEN event = 'purchase' AND ago < 84 THEN money ELSE 0 END) AS spend_84,
    sum(CASE WHEN event = 'purchase' THEN money ELSE 0 END) AS spend_all,
    min(CASE WHEN event = 'purchase' THEN ago END) AS days_since_purchase,
    max(CASE WHEN event = 'purchase' THEN ago END) AS days_since_first_purchase,
    min(ago) AS days_since_visit,
    CAST(sum(hours) AS DOUBLE) / sum(lines) AS usual_hour,
    count(DISTINCT CASE WHEN ago < 28 THEN ago END) AS active_days_28,
    count(DISTINCT CASE WHEN ago < 84 THEN ago END) AS active_days_84,
    sum(CASE WHEN event = 'view' AND ago < 28 THEN lines ELSE 0 END) AS views_28,
    sum(CASE WHEN event = 'view' AND ago < 84 THEN lines ELSE 0 END) AS views_84,
    sum(CASE WHEN event = 'search' AND ago < 84 THEN lines ELSE 0 END) AS searches_84,
    sum(CASE WHEN event = 'favourite' AND ago < 84 THEN lines ELSE 0 END) AS favourites_84,
    sum(CASE WHEN event = 'cart' AND ago < 28 THEN lines ELSE 0 END) AS carts_28,
    sum(CASE WHEN event = 'cart' AND ago < 84 THEN lines ELSE 0 END) AS carts_84,
    sum(CASE WHEN event = 'refund' THEN lines ELSE 0 END) AS refunds_all
  FROM steps GROUP BY user_key
),
variety AS (
  SELECT user_key, count(*) AS products_84
  FROM (SELECT DISTINCT user_key, item_key FROM past
        WHERE event = 'purchase' AND ago < 84 AND item_key IS NOT NULL) AS different
  GROUP BY user_key
),
usual AS (  -- what a product cost on average so far, where it was bought often enough to say
  SELECT item_key, CAST(sum(amount) AS DOUBLE)
         / CAST(sum(try_cast(quantity AS DECIMAL(18, 3))) AS DOUBLE) AS price
  FROM activity
  WHERE ts < $as_of::TIMESTAMP AND event = 'purchase' AND amount > 0 AND quantity > 0.001
    AND item_key IS NOT NULL
    AND (currency IS NULL OR currency = (SELECT currency FROM main_currency))
  GROUP BY item_key HAVING count(*) >= 5
),
bargains AS (
  SELECT past.user_key, CAST(count(CASE WHEN CAST(past.amount AS DOUBLE)
           < 0.9 * usual.price * CAST(past.pieces AS DOUBLE) THEN 1 END) AS DOUBLE)
         / count(*) AS bargain_share,
    -- of decimals, so that the sum is the same in whatever order it is made
    CAST(sum(CAST(least(CAST(past.amount AS DOUBLE)
        / (usual.price * CAST(past.pieces AS DOUBLE)), 2.0) AS DECIMAL(18, 4))) AS DOUBLE)
      / count(*) AS price_level
  FROM past JOIN usual ON usual.item_key = past.item_key
  WHERE past.event = 'purchase' AND past.amount > 0 AND past.pieces > 0
    AND (past.currency IS NULL OR past.currency = (SELECT currency FROM main_currency))
  GROUP BY past.user_key
),
goods AS (  -- categories by number, in the order of their names: quicker to count over than words
  SELECT item_key, category, dense_rank() OVER (ORDER BY category) AS code
  FROM products WHERE category IS NOT NULL
),
bought AS (
  SELECT past.user_key, goods.code, count(*) AS lines, min(past.ago) AS latest
  FROM past JOIN goods ON goods.item_key = past.item_key
  WHERE past.event = 'purchase'
  GROUP BY past.user_key, goods.code
),
favourite AS (  -- most lines first, then by name
  SELECT user_key, count(*) AS categories_all,
         count(CASE WHEN latest < 28 THEN 1 END) AS categories_28,
         max_by(code, lines * 1000000 - code) AS code
  FROM bought GROUP BY user_key
),
taste AS (
  SELECT f.user_key, n.category AS top_category, f.categories_all, f.categories_28
  FROM favourite AS f JOIN (SELECT code, min(category) AS category FROM goods GROUP BY code) AS n
    ON n.code = f.code
),
visits AS (
  SELECT user_key, channel, count(*) AS rows_seen FROM past
  WHERE channel IS NOT NULL GROUP BY user_key, channel
),
mix AS (
  SELECT user_key, count(*) AS channels_all,
         CAST(max(rows_seen) AS DOUBLE) / sum(rows_seen) AS top_channel_share
  FROM visits GROUP BY user_key
),
places AS (
  SELECT user_key, channel AS top_channel,
         row_number() OVER (PARTITION BY user_key ORDER BY rows_seen DESC, channel) AS place
  FROM visits
),
coupons AS (
  SELECT user_key, count(*) AS coupon_orders_all,
    count(CASE WHEN floor(epoch($as_of::TIMESTAMP - ts) / 86400) < 84 THEN 1 END) AS coupon_orders_84
  FROM orders
  WHERE ts < $as_of::TIMESTAMP AND state = 'paid' AND coupon IS NOT NULL
  GROUP BY user_key
),
mail AS (
  SELECT user_key, count(*) AS sends_all,
    count(CASE WHEN responded_at < $as_of::TIMESTAMP THEN 1 END) AS answers_all,
    min(CAST(floor(epoch($as_of::TIMESTAMP - sent_at) / 86400) AS BIGINT)) AS days_since_send
  FROM sends WHERE sent_at < $as_of::TIMESTAMP GROUP BY user_key
),
profile AS (
  SELECT user_key, age, age_band, birth_date, gender, city, channel, first_seen
  FROM customers WHERE first_seen IS NULL OR first_seen < $as_of::TIMESTAMP
),
known AS (
  SELECT user_key FROM done WHERE CAST($campaign AS VARCHAR) IS NULL
  UNION SELECT user_key FROM mail WHERE CAST($campaign AS VARCHAR) IS NULL
  UNION SELECT user_key FROM profile
    WHERE (first_seen IS NOT NULL OR CAST($everyone AS BOOLEAN))
      AND CAST($campaign AS VARCHAR) IS NULL
  UNION SELECT user_key FROM sends WHERE campaign = CAST($campaign AS VARCHAR)
)
SELECT ids.user_id AS "user",
  CASE WHEN c.birth_date < $as_of::TIMESTAMP
       THEN CAST(floor((epoch($as_of::TIMESTAMP) - epoch(c.birth_date::TIMESTAMP)) / 31556952) AS BIGINT)
       ELSE c.age END AS age,
  CASE WHEN c.birth_date IS NULL AND c.age IS NULL THEN nullif(c.age_band, 'unknown') END AS age_band,
  c.gender, c.city, c.channel AS home_channel,
  CAST(floor(epoch($as_of::TIMESTAMP - c.first_seen) / 86400) AS BIGINT) AS days_since_joining,
  places.top_channel, mix.channels_all, mix.top_channel_share, taste.top_category, taste.categories_all,
  taste.categories_28, done.usual_hour,
  done.orders_28, done.orders_84, done.orders_all, done.spend_28, done.spend_84, done.spend_all,
  CAST(done.spend_all AS DOUBLE) / nullif(done.orders_all, 0) AS average_order,
  bargains.bargain_share, bargains.price_level,
  CAST(done.days_since_first_purchase - done.days_since_purchase AS DOUBLE)
    / nullif(done.orders_all - 1, 0) AS days_between_orders,
  done.days_since_purchase, done.days_since_visit,
  done.active_days_28, done.active_days_84, done.views_28, done.views_84, done.searches_84,
  done.favourites_84, done.carts_28, done.carts_84, done.refunds_all, variety.products_84,
  coupons.coupon_orders_all, coupons.coupon_orders_84,
  CAST(coupons.coupon_orders_all AS DOUBLE) / nullif(done.orders_all, 0) AS coupon_share,
  mail.sends_all, mail.answers_all,
  mail.days_since_send
FROM known
JOIN shoppers AS ids ON ids.user_key = known.user_key
LEFT JOIN profile AS c ON c.user_key = known.user_key
LEFT JOIN done ON done.user_key = known.user_key
LEFT JOIN bargains ON bargains.user_key = known.user_key
LEFT JOIN variety ON variety.user_key = known.user_key
LEFT JOIN taste ON taste.user_key = known.user_key
LEFT JOIN places ON places.user_key = known.user_key AND places.place = 1
LEFT JOIN mix ON mix.user_key = known.user_key
LEFT JOIN coupons ON coupons.user_key = known.user_key
LEFT JOIN mail ON mail.user_key = known.user_key
ORDER BY ids.user_id;
