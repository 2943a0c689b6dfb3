"""Two versions of a model side by side: what was changed, and what the change does.

`changes` lists what the documents say otherwise; `effects` asks the compiled graphs which single
points of failure came or went, and how cut sets, downtime and gaps moved.
"""
