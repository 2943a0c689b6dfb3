"""Decision diagrams: one top of a gate graph, turned into a form that answers exactly.

The way there: `normalise` (a smaller formula of the same meaning) → `modules` (parts that share
nothing with the rest) → `orders` (several variable orders, raced) → a kernel, `plain` or
`compiled`, that builds a binary decision diagram and from it the diagram of all minimal cut sets.
"""
