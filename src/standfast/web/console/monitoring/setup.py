"""What to paste into a monitoring system so that it posts here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

if TYPE_CHECKING:
    from standfast.apps.ingest.models import AlertSource

_ALERTMANAGER = """\
receivers:
  - name: standfast
    webhook_configs:
      - url: {address}
        send_resolved: true
        max_alerts: 500
        http_config:
          authorization:
            type: Bearer
            credentials: {credential}
"""
_GENERIC = """\
SECRET={credential}
BODY='{{"id": "disk-17", "status": "firing", "title": "Disk full", "service": "mail",
  "component": "mbx-0173", "started_at": "2026-01-31T14:00:00Z"}}'
ID=msg_$(date +%s)_$RANDOM TIME=$(date +%s)
KEY=$(printf %s "${{SECRET#whsec_}}" | base64 -d | od -An -vtx1 | tr -d ' \\n')
SIGNATURE=$(printf %s "$ID.$TIME.$BODY" | openssl dgst -sha256 -mac HMAC \\
  -macopt "hexkey:$KEY" -binary | base64)
curl -sS {address} -H 'Content-Type: application/json' -H "webhook-id: $ID" \\
  -H "webhook-timestamp: $TIME" -H "webhook-signature: v1,$SIGNATURE" --data "$BODY"
"""
_TEXTS = {"alertmanager": _ALERTMANAGER, "generic": _GENERIC}


def address_of(source: AlertSource) -> str:
    """Where the source posts to."""
    return f"{settings.BASE_URL}{reverse('ingest', args=[source.key])}"


def setup_of(source: AlertSource, credential: str) -> dict[str, str]:
    """The address and the text to paste; without a credential a placeholder stands for it."""
    text = _TEXTS.get(source.kind, "{address}")
    placeholder = "whsec_…" if source.kind == "generic" else "sfi_…"
    return {
        "address": address_of(source),
        "text": text.format(address=address_of(source), credential=credential or placeholder),
    }
