"""Django as a WSGI application (pages and APIs are synchronous, see docs/decisions)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standfast.config.settings")
application = get_wsgi_application()
