"""The chart that Standfast ships with: fifteen responsibilities of three owners."""

from standfast.apps.responsibility.defaults.customer import CUSTOMER_ROWS, SHARED_ROWS
from standfast.apps.responsibility.defaults.provider import PROVIDER_ROWS

DEFAULT_ROWS = (*CUSTOMER_ROWS, *SHARED_ROWS, *PROVIDER_ROWS)

__all__ = ["DEFAULT_ROWS"]
