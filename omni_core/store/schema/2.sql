-- One person may have several ids, and some of what is known of her is nobody else's business.

-- what ties ids together: codes of e-mail addresses, phones and ID numbers (keyed hashes), and
-- member numbers (ids themselves), as each import gave them
CREATE TABLE identity_links (
  import_id INTEGER, user_key INTEGER, kind VARCHAR, code VARCHAR);
-- which rules join people, and what was decided by hand; by id, so that they outlive an undo
CREATE TABLE identity_rules (kind VARCHAR, is_on BOOLEAN);
CREATE TABLE identity_choices (
  choice_id INTEGER, user_id VARCHAR, other_id VARCHAR, joined BOOLEAN, made_at TIMESTAMP);
-- addresses that she chose to keep; read by the audience export alone, in no query and no backup
-- that wasn't told to hold them
CREATE TABLE contacts (
  import_id INTEGER, source_row INTEGER, user_key INTEGER, kind VARCHAR, value VARCHAR);
-- codes of ids and order numbers of people who were forgotten: their rows don't come back
CREATE TABLE forgotten (kind VARCHAR, code VARCHAR);
