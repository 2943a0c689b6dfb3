"""Reading files of placements: rows in chunks, checked by column, with line numbers.

A file has the columns `tenant` (short name), `component` and `service` (keys) and `users`, as CSV
or as Parquet. Nothing here writes to the database; `services.importing` does.
"""
