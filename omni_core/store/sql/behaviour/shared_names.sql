-- names, name, ids: how many names of goods (whatever spaces, width and case) stand under several
-- ids that shoppers did anything with; of the name that stands under most, two ids as a text
WITH seen AS (SELECT DISTINCT item_key FROM item_facts),
named AS (
  SELECT i.item_id, p.name, regexp_replace(lower(translate(p.name,
    '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ（）－＋／　',
    '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz()-+/ ')),
    '\s+', '', 'g') AS one
  FROM seen s JOIN item_ids i ON i.item_key = s.item_key
  JOIN products p ON p.item_key = s.item_key
  WHERE p.name IS NOT NULL AND p.name <> i.item_id),
shared AS (
  SELECT one, min(name) AS name, count(*) AS ids,
    min(item_id) || ', ' || max(item_id) AS two
  FROM named WHERE one <> '' GROUP BY one HAVING count(*) > 1)
SELECT count(*) AS names, coalesce(arg_max(name, (ids, one)), '') AS name,
  coalesce(arg_max(two, (ids, one)), '') AS ids
FROM shared
