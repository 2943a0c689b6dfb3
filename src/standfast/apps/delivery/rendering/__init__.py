"""A notice in the words of a language, and what of it is one recipient's own."""
