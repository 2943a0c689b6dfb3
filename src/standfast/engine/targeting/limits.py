"""How large the numbers in an index may be; the file format and the sort keys rely on it."""

from __future__ import annotations

from typing import Final

MAX_ID: Final = 2**31 - 1
"""Largest component or service id."""

MAX_TENANT: Final = 2**27 - 1
"""Largest tenant number. They are dense from 0; one table has an entry for each."""

MAX_USERS: Final = 2**32 - 1
"""Most users of one tenant and service, all placements together."""
