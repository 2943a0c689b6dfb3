"""Answers made before they are asked for: bytes by path, written by the protocol class itself.

`content` prepares one body (identity, Brotli, gzip, validators), `table` keeps many by path,
`protocol` answers from a table inside uvicorn's HTTP protocol, `application` gives the very same
answers as plain ASGI: it is the fallback, and serves where another server runs.
"""
