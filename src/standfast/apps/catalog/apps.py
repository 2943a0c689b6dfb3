from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "standfast.apps.catalog"
    label = "catalog"
    verbose_name = _("Catalog")
