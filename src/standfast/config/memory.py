"""Python's garbage collector in a process that serves or works for a long time."""

from __future__ import annotations

import gc


def settle() -> None:
    """Call once everything is loaded: what is there now stays.

    Looking through it again and again, as Python would, costs each request some percent and each
    message a sixth. New objects are looked through as ever, less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
