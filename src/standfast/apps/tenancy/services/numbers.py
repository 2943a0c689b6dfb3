"""The dense tenant number: 0, 1, 2, …, each given once, also when two processes ask at a time."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Max

from standfast.apps.tenancy.models import Organisation

# Any constant will do, as long as nothing else in the database locks the same one.
_LOCK = 0x5F0A_11E1


def next_number() -> int:
    """Return the next free number; nobody else gets one before the transaction ends.

    Must run inside a transaction. On SQLite every transaction of ours begins as the only writer
    (`transaction_mode` IMMEDIATE); PostgreSQL needs a lock.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A tenant number must be taken inside the transaction that uses it.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    highest = Organisation.objects.aggregate(highest=Max("number"))["highest"]
    return 0 if highest is None else highest + 1
