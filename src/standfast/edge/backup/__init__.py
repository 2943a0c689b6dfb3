"""The backup site served from a bundle: no Django, no database, nothing but its own store.

`loading` reads and checks one site, `following` keeps the newest good one in a table of prepared
answers, `places` reads sites below the root when they are asked for, `application` is the rest.
"""
