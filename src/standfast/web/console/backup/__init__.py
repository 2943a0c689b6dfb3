"""The backup site: how fresh each of its places is, its keys, and writing it now."""
