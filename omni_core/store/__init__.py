"""The DuckDB side of a workspace: schema, transactions, rollups and the named queries."""
