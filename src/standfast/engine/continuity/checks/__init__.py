"""What a model says against itself or against good practice, before anything happens.

Each module looks at one question and returns findings: objectives that dependencies cannot meet,
access paths against the connectivity principles, alternatives that share what fails them, weight of
one supplier, single points of failure. `every` runs them all.
"""
