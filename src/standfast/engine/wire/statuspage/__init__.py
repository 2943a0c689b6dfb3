"""The public API of Statuspage, version 2, from our facts.

`words` maps our statuses to Statuspage's, `facts` is what goes in, `shapes` makes the JSON objects,
`documents` the eight documents as bytes. Whoever serves many readers keeps the objects as bytes and
lets `documents.joined` put them together.
"""
