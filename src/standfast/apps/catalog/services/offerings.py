"""What a provider offers: services and their features."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Feature, Service
from standfast.apps.catalog.services import texts
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.models import Member, Organisation, User
from standfast.apps.tenancy.services.audit import record

SHORTEST_CADENCE, LONGEST_CADENCE = 5, 7 * 24 * 60
MOST_POSITION = 10_000
_WORD = re.compile(r"[a-z]+(\.[a-z]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ServiceFields:
    """Everything of a service but its key, which stays: subscribers' programs carry it."""

    name: Localised
    description: Localised = field(default_factory=dict)
    issue_prefix: str = "SF"
    icon: str = "stack-2"
    owner: User | None = None
    cadence_minutes: int = 60
    is_public: bool = True
    position: int = 0
    capabilities: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class FeatureFields:
    """Everything of a feature but its key."""

    name: Localised
    group: Localised = field(default_factory=dict)
    position: int = 0


def fields_of_service(service: Service) -> ServiceFields:
    """The fields as stored, for changing some of them with `dataclasses.replace`."""
    return ServiceFields(**{name: getattr(service, name) for name in ServiceFields.__slots__})


def fields_of_feature(feature: Feature) -> FeatureFields:
    """The fields as stored, for changing some of them with `dataclasses.replace`."""
    return FeatureFields(**{name: getattr(feature, name) for name in FeatureFields.__slots__})


@transaction.atomic
def create_service(
    *, provider: Organisation, key: str, fields: ServiceFields, by: Actor, now: datetime
) -> Service:
    """Add a service. Raises Refused naming key or the field that is wrong."""
    if not provider.is_provider:
        raise Refused("provider", _("%(name)s is no provider.") % {"name": provider.name})
    service = Service(provider=provider, key=texts.short_key("key", key))
    if Service.objects.filter(provider=provider, key=service.key).exists():
        raise Refused("key", _("“%(key)s” is taken; choose another.") % {"key": service.key})
    _write(service, _checked(fields, provider))
    service.save()
    _log("service.created", service, by=by, now=now, name=service.name)
    return service


@transaction.atomic
def update_service(*, service: Service, fields: ServiceFields, by: Actor, now: datetime) -> Service:
    """Change a service. Raises Refused naming the field that is wrong."""
    changed = _write(service, _checked(fields, service.provider))
    if changed:
        service.save()
        _log("service.updated", service, by=by, now=now, changed=changed)
    return service


@transaction.atomic
def retire_service(*, service: Service, by: Actor, now: datetime) -> Service:
    """Take a service out of use; its past issues stay. Raises Refused when it is retired."""
    if service.retired_at is not None:
        raise Refused("service", _("This service is retired already."))
    service.retired_at = now
    service.save(update_fields=["retired_at"])
    _log("service.retired", service, by=by, now=now)
    return service


@transaction.atomic
def restore_service(*, service: Service, by: Actor, now: datetime) -> Service:
    """Put a retired service back into use."""
    if service.retired_at is None:
        raise Refused("service", _("This service is in use."))
    service.retired_at = None
    service.save(update_fields=["retired_at"])
    _log("service.restored", service, by=by, now=now)
    return service


@transaction.atomic
def create_feature(
    *, service: Service, key: str, fields: FeatureFields, by: Actor, now: datetime
) -> Feature:
    """Add a feature to a service. Raises Refused naming key or the field that is wrong."""
    feature = Feature(service=service, key=texts.short_key("key", key))
    if Feature.objects.filter(service=service, key=feature.key).exists():
        raise Refused("key", _("“%(key)s” is taken; choose another.") % {"key": feature.key})
    _write(feature, _checked_feature(fields))
    feature.save()
    _log("feature.created", service, by=by, now=now, feature=feature.key)
    return feature


@transaction.atomic
def update_feature(*, feature: Feature, fields: FeatureFields, by: Actor, now: datetime) -> Feature:
    """Change a feature. Raises Refused naming the field that is wrong."""
    changed = _write(feature, _checked_feature(fields))
    if changed:
        feature.save()
        service = feature.service
        _log("feature.updated", service, by=by, now=now, feature=feature.key, changed=changed)
    return feature


def _checked(fields: ServiceFields, provider: Organisation) -> ServiceFields:
    if not SHORTEST_CADENCE <= fields.cadence_minutes <= LONGEST_CADENCE:
        raise Refused(
            "cadence_minutes",
            _("Give between %(shortest)s and %(longest)s minutes.")
            % {"shortest": SHORTEST_CADENCE, "longest": LONGEST_CADENCE},
        )
    owner = fields.owner
    if owner and not Member.objects.filter(organisation=provider, user=owner).exists():
        raise Refused(
            "owner",
            _("%(person)s is no member of %(provider)s; invite the person first.")
            % {"person": owner, "provider": provider.name},
        )
    return replace(
        fields,
        name=texts.text_per_language("name", fields.name, longest=120),
        description=texts.text_per_language(
            "description", fields.description, longest=1000, required=False
        ),
        issue_prefix=texts.issue_prefix("issue_prefix", fields.issue_prefix),
        icon=texts.icon_name("icon", fields.icon),
        position=_position(fields.position),
        capabilities=_words(fields.capabilities),
    )


def _words(capabilities: Collection[str]) -> list[str]:
    """What channels may need, as plain words. Raises Refused naming the first that is none."""
    for word in capabilities:
        if not _WORD.fullmatch(word):
            raise Refused(
                "capabilities",
                _("“%(word)s” is no word such as mail, internet or chat.slack.")
                % {"word": word[:40]},
            )
    return sorted(set(capabilities))


def _checked_feature(fields: FeatureFields) -> FeatureFields:
    return replace(
        fields,
        name=texts.text_per_language("name", fields.name, longest=120),
        group=texts.text_per_language("group", fields.group, longest=120, required=False),
        position=_position(fields.position),
    )


def _position(position: int) -> int:
    if not 0 <= position <= MOST_POSITION:
        raise Refused("position", _("Give a number from 0 to %(most)s.") % {"most": MOST_POSITION})
    return position


def _write(row: Service | Feature, fields: ServiceFields | FeatureFields) -> list[str]:
    """Put the fields on the row (unsaved); the names of those that changed."""
    changed = []
    for name in type(fields).__slots__:
        value = getattr(fields, name)
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    return changed


def _log(action: str, service: Service, *, by: Actor, now: datetime, **details: object) -> None:
    record(
        by=by,
        organisation=service.provider,
        action=action,
        kind="service",
        key=service.key,
        now=now,
        **details,
    )
