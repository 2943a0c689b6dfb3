"""Minimal cut sets: the smallest combinations of failures that stop a function.

They stay symbolic, as one diagram per module: counting, ranking and selecting walk over the nodes
of the diagrams, however many sets these hold; listing is lazy.
"""
