"""The bridge between the stored catalog and the placement index of `engine.targeting`.

Every process asks `current_index()` and gets an index that is at most a fraction of a second old;
the worker calls `refresh_index()` to write the file that all of them map.
"""

from standfast.apps.catalog.index.current import current_index, forget_index, look_again
from standfast.apps.catalog.index.file import index_path
from standfast.apps.catalog.index.refresh import refresh_index
from standfast.apps.catalog.index.scopes import provider_scope

__all__ = [
    "current_index",
    "forget_index",
    "index_path",
    "look_again",
    "provider_scope",
    "refresh_index",
]
