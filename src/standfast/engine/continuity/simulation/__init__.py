"""Answers by trying: for what no diagram can hold, and as a check on what it says.

`trials` estimates how likely each node of a gate graph is to have failed at a random moment, 64
trials a machine word. `years` lives through years of failures, shocks and repair crews and adds up
downtime and loss. Everything is seeded: the same arguments give the same result.
"""
