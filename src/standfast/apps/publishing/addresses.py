"""Where sites lie in a bundle. A tenant's place follows from a secret, so nobody can guess it."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

from standfast.apps.publishing.models import TenantPage
from standfast.bundle.manifest import TENANTS

TOKEN_BYTES = 20


def tenant_prefix(page: TenantPage) -> str:
    """The place of a tenant's pages; another one after each turn."""
    secret = settings.SECRET_KEY
    key = hashlib.sha256(b"standfast backup pages\0" + secret.encode()).digest()
    message = f"{page.tenant_id}/{page.turn}/{page.created_at.timestamp()}".encode()
    token = hmac.new(key, message, hashlib.sha256).digest()[:TOKEN_BYTES]
    return f"{TENANTS}{base64.b32encode(token).decode('ascii').lower()}/"


def address_of(prefix: str) -> str:
    """Where readers find the site with this prefix; ends with a slash."""
    return f"{settings.STANDFAST_BACKUP_URL.rstrip('/')}/{prefix}"
