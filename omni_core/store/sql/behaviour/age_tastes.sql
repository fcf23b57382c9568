-- band, category, category_en, purchases (order lines), shoppers, lift (share of the category in the
-- band's lines, over its share in all lines of shoppers whose age is known)
-- small cells: shoppers, purchases, lift within band
SELECT band, category, category_en, purchases, shoppers,
  CAST(purchases AS DOUBLE) / sum(purchases) OVER (PARTITION BY band)
    / (sum(purchases) OVER (PARTITION BY category) / CAST(sum(purchases) OVER () AS DOUBLE)) AS lift
FROM taste_totals
ORDER BY CASE band WHEN 'under 18' THEN 0 ELSE 1 END, band, purchases DESC, category
