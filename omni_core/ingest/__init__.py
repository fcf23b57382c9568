"""From the bytes of an export to typed rows and rejects; nothing here writes to the store's tables.

The steps, in order: ``scan`` (bytes to clean UTF-8), ``dialect`` (delimiter, header), ``mapping``
(which table, which roles), ``read`` (DuckDB's reader, with our own line numbers), ``stage`` (typed
rows with a reason for each row that can't be used).
"""
