"""Issues, posts, audiences, promised updates, problem reports."""
