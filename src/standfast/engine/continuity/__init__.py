"""Continuity plans that are evaluated: what stops, what could stop it, how likely, what first.

Everything here is a pure function of its arguments and knows nothing of the rest of Standfast.
"""
