from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessageCenterConfig(AppConfig):
    name = "standfast.apps.messagecenter"
    label = "messagecenter"
    verbose_name = _("Message center")
