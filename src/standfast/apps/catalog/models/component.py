"""Infrastructure components and what stands below what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from standfast.apps.tenancy.models import Organisation


class Component(models.Model):
    """A part of the infrastructure: a region, a datacenter, a forest, a server, a database.

    `key` is unique within the provider (monitoring labels and imports name it), `kind` a plain
    word. A retired one stays, without placements and live components below it, for past scopes.
    """

    provider = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="components")
    key = models.CharField(_("key"), max_length=100)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    is_root = models.BooleanField(default=True, db_index=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "key"], name="one_component_per_key")
        ]
        indexes: ClassVar = [models.Index(fields=["provider", "kind"])]

    def __str__(self) -> str:
        return self.key


class ComponentEdge(models.Model):
    """`child` stands below `parent`. A component may have several parents; circles are refused."""

    parent = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="edges_down")
    child = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="edges_up")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parent", "child"], name="one_edge_per_pair"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("child")), name="no_edge_to_itself"
            ),
        ]
