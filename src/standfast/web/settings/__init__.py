"""An organisation's own affairs, the same for each face: data, people, partners, tokens, log."""
