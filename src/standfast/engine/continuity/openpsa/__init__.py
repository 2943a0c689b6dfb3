"""Open-PSA fault trees, the exchange format of reliability tools: read into a gate graph, written
from one, so that other tools can check our answers and we can check theirs.
"""
