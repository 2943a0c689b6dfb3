"""`standfast demo`: a believable world of our own invention, and the command that serves it.

`world` is pure (what there is, from data files and a fixed seed), `seeding` stores it.
"""
