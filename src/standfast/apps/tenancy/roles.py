"""What each role may do. A page or a route asks for a capability, never for a role."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Provider roles
OWNER, COMMUNICATOR, ENGINEER, VIEWER = "owner", "communicator", "engineer", "viewer"
# Tenant roles
ADMIN, CONTINUITY_MANAGER, MESSAGE_READER, STAFF = (
    "admin",
    "continuity_manager",
    "message_reader",
    "staff",
)
# Partner roles
PARTNER_ADMIN, PARTNER_AGENT = "partner_admin", "partner_agent"

_PROVIDER_READ = frozenset(
    {
        "console.read",
        "issue.read",
        "message.read",
        "catalog.read",
        "delivery.read",
        "responsibility.read",
    }
)
_PROVIDER_ENGINEER = _PROVIDER_READ | {
    "issue.write",
    "message.write",
    "catalog.write",
    "ingest.manage",
    "subscription.own",
}
_PROVIDER_COMMUNICATOR = _PROVIDER_READ | {
    "issue.write",
    "issue.publish",
    "message.write",
    "message.publish",
    "template.write",
    "delivery.manage",
    "report.manage",
    "subscription.own",
}
_ORGANISATION_ADMIN = frozenset({"members.manage", "tokens.manage", "audit.read", "org.write"})
_TENANT_READ = frozenset({"health.read", "chart.read"})
_TENANT_ACT = _TENANT_READ | {"report.write", "subscription.own"}

PROVIDER_ROLES: dict[str, frozenset[str]] = {
    OWNER: _PROVIDER_ENGINEER
    | _PROVIDER_COMMUNICATOR
    | _ORGANISATION_ADMIN
    | {"responsibility.write"},
    COMMUNICATOR: _PROVIDER_COMMUNICATOR,
    ENGINEER: _PROVIDER_ENGINEER,
    VIEWER: _PROVIDER_READ,
}
TENANT_ROLES: dict[str, frozenset[str]] = {
    ADMIN: _TENANT_ACT | _ORGANISATION_ADMIN | {"subscription.manage", "delegation.manage"},
    CONTINUITY_MANAGER: _TENANT_ACT,
    MESSAGE_READER: _TENANT_READ | {"subscription.own"},
    STAFF: _TENANT_READ,
}
PARTNER_ROLES: dict[str, frozenset[str]] = {
    PARTNER_ADMIN: _ORGANISATION_ADMIN | {"customers.read"},
    PARTNER_AGENT: frozenset({"customers.read"}),
}
# What a tenant may hand to a partner; people and tokens of the tenant stay its own affair.
DELEGATED_ROLES: dict[str, frozenset[str]] = {
    ADMIN: _TENANT_ACT | {"subscription.manage"},
    MESSAGE_READER: _TENANT_READ,
}

# Each face keeps at least one person with this role.
LEADING_ROLES = frozenset({OWNER, ADMIN, PARTNER_ADMIN})

ROLE_NAMES = {
    OWNER: _("Owner"),
    COMMUNICATOR: _("Communicator"),
    ENGINEER: _("Engineer"),
    VIEWER: _("Viewer"),
    ADMIN: _("Administrator"),
    CONTINUITY_MANAGER: _("Continuity manager"),
    MESSAGE_READER: _("Message reader"),
    STAFF: _("Staff"),
    PARTNER_ADMIN: _("Partner administrator"),
    PARTNER_AGENT: _("Partner agent"),
}

# Scopes of API tokens, and the face of an organisation that each needs.
TOKEN_SCOPES: dict[str, str] = {
    "issues.read": "provider",
    "issues.write": "provider",
    "catalog.read": "provider",
    "catalog.write": "provider",
    "placements.write": "provider",
    "health.read": "tenant",
    "ServiceHealth.Read.All": "tenant",
    "ServiceMessage.Read.All": "tenant",
    "ServiceMessageViewpoint.Write": "tenant",
}

# A token that acts for a person may never do more than the person: what each scope needs.
SCOPE_CAPABILITIES: dict[str, str] = {
    "issues.read": "issue.read",
    "issues.write": "issue.publish",
    "catalog.read": "catalog.read",
    "catalog.write": "catalog.write",
    "placements.write": "catalog.write",
    "health.read": "health.read",
    "ServiceHealth.Read.All": "health.read",
    "ServiceMessage.Read.All": "health.read",
    "ServiceMessageViewpoint.Write": "health.read",
}
SCOPE_NAMES = {
    "issues.read": _("Read issues, posts and audiences"),
    "issues.write": _("Open, update, publish and resolve issues"),
    "catalog.read": _("Read services, components and subscriptions"),
    "catalog.write": _("Change services, components and subscriptions"),
    "placements.write": _("Import and change placements"),
    "health.read": _("Read this tenant's service health"),
    "ServiceHealth.Read.All": _("Read service health as Microsoft Graph clients do"),
    "ServiceMessage.Read.All": _("Read the message center as Microsoft Graph clients do"),
    "ServiceMessageViewpoint.Write": _("Mark messages as read or archived (Microsoft Graph)"),
}
