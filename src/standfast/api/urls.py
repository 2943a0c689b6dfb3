"""Addresses of everything that programs talk to."""

from __future__ import annotations

from django.urls import include, path
from ninja import NinjaAPI

from standfast import __version__
from standfast.api.auth import ScopeMissingInCode, token_throttle
from standfast.api.errors import install_error_handlers
from standfast.api.native import ROUTERS
from standfast.api.statuspage.tenant import api as statuspage

native = NinjaAPI(
    title="Standfast",
    version=__version__,
    urls_namespace="native",
    description=(
        "Send `Authorization: Bearer sft_…`. Errors have one shape: "
        '`{"error": {"code", "field", "message"}}`; what does not exist and what belongs to '
        "somebody else get the same answer, 404. Times are ISO 8601 in UTC."
    ),
    auth=ScopeMissingInCode(),
    throttle=[token_throttle()],
)
install_error_handlers(native)
for prefix, router in ROUTERS:
    native.add_router(prefix, router)

urlpatterns = [
    path("v1/", native.urls),
    path("ingest/", include("standfast.api.ingest")),
    path("statuspage/", statuspage.urls),
]
