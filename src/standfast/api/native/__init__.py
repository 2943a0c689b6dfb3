"""The native API, `/api/v1/`: one module per part, each with a `router`.

A part is registered by one line in `ROUTERS`. Every operation names the scope that it needs:

    @router.get("", response=list[ServiceOut], auth=TokenAuth("catalog.read"))
    def services(request: ApiRequest) -> list[Service]: ...
"""

# Prefix below /api/v1, import path of the router.
ROUTERS: list[tuple[str, str]] = [
    ("/health", "standfast.api.native.health.router"),
    ("/maintenance", "standfast.api.native.maintenance.router"),
    ("/issues", "standfast.api.native.issues.router"),
    ("/services", "standfast.api.native.catalog.router"),
    ("/components", "standfast.api.native.components.router"),
    ("/subscriptions", "standfast.api.native.subscriptions.router"),
    ("/placements", "standfast.api.native.placements.router"),
]
