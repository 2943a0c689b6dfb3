"""Run in a process of its own: the rehearsal's database, brought up to date and never empty.

python -m standfast.cli.drill.world
"""

from __future__ import annotations

from datetime import UTC, datetime

NAME = "Rehearsal"


def prepare() -> None:
    """Update the tables; store a provider with one tenant where there is no public provider."""
    import django

    django.setup()
    from django.core.management import call_command

    from standfast.apps.catalog.queries.public import public_providers

    call_command("migrate", verbosity=0, interactive=False)
    if not public_providers():
        _small_world(datetime.now(UTC))


def _small_world(now: datetime) -> None:
    from standfast.apps.catalog.services.offerings import ServiceFields, create_service
    from standfast.apps.catalog.services.subscriptions import subscribe
    from standfast.apps.tenancy.actor import Actor
    from standfast.apps.tenancy.services.organisations import create_organisation

    by = Actor.system("drill")
    provider = create_organisation(slug="rehearsal", name=NAME, faces=["provider"], by=by, now=now)
    tenant = create_organisation(
        slug="rehearsal-tenant", name="Rehearsal tenant", faces=["tenant"], by=by, now=now
    )
    service = create_service(
        provider=provider,
        key="mail",
        fields=ServiceFields(name={"en": "Mail", "zh-hant": "電子郵件"}),
        by=by,
        now=now,
    )
    subscribe(tenant=tenant, service=service, by=by, now=now)


if __name__ == "__main__":
    prepare()
