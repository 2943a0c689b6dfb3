"""How likely, how long: exact probabilities from decision diagrams, node by node."""
