"""Django as a WSGI application (pages and APIs are synchronous, see docs/decisions)."""

from __future__ import annotations

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from standfast.config.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standfast.config.settings")
application = get_wsgi_application()

# All pages and API schemas are loaded here, by one thread: the first requests come in several, and
# pydantic does not bear two of them building the same classes.
import_module("standfast.config.urls")

settle()
