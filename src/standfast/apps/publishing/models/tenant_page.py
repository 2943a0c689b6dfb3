"""A tenant's pages on the backup site, below an address that nobody can guess."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from standfast.apps.tenancy.models import Organisation


class TenantPage(models.Model):
    """The tenant wants pages of its own. A new `turn` gives them a new address."""

    tenant = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    turn = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    turned_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["tenant_id"]
