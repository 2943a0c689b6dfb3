"""What can be wrong with a bundle, its keys and its stores; each says so in words."""

from __future__ import annotations


class BundleError(Exception):
    """The message says what is wrong, in a sentence that an operator can act on."""


class BadKey(BundleError):
    """A key that cannot be read, or is not the one that is trusted."""


class BadBundle(BundleError):
    """A manifest, pack or post that is damaged, was changed, or is not signed by a trusted key."""


class StoreError(BundleError):
    """The store cannot be reached, written or read."""


class Missing(StoreError):
    """There is nothing under this path."""
