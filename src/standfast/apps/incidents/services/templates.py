"""Templates: prepared wording with placeholders, filled when a communicator picks one."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.models import PostTemplate
from standfast.apps.incidents.services.fields import IssueFields
from standfast.apps.incidents.services.rules import by_the_rules
from standfast.apps.incidents.services.wording import LONGEST_TITLE, checked
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised, pick
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.checks import plain_line
from standfast.engine.health.severity import Classification
from standfast.engine.health.status import OF_ISSUES, parse_status

PLACEHOLDERS: dict[str, str | Promise] = {
    "service": gettext_lazy("the service's name"),
    "feature": gettext_lazy("the feature's name, or the service's when none is chosen"),
    "start": gettext_lazy("the estimated start, in UTC"),
    "title": gettext_lazy("the issue's title"),
    "impact": gettext_lazy("the user impact"),
}


def placeholders() -> list[tuple[str, str]]:
    """Each placeholder as it is written, with its meaning."""
    return [(f"{{{name}}}", str(meaning)) for name, meaning in PLACEHOLDERS.items()]


def fill(text: Mapping[str, str], *, fields: IssueFields) -> Localised:
    """Replace the placeholders in every language of `text`. Raises Refused for an unknown one."""
    filled: Localised = {}
    for language, words in text.items():
        values = _values(fields, language)
        _each_placeholder(words, known=values.__contains__)
        filled[language] = words.format_map(values)
    return filled


@transaction.atomic
def save_template(
    *,
    provider: Organisation,
    template_id: int | None,
    name: str,
    service: Service | None,
    classification: str,
    status: str,
    title: Localised,
    user_impact: Localised,
    body: Localised,
    by: Actor,
    now: datetime,
) -> PostTemplate:
    """Make a template, or change one. Raises Refused naming the field."""
    name = plain_line("name", name, longest=100)
    if classification not in list(Classification):
        raise Refused("classification", _("Choose incident or advisory."))
    if service and service.provider_id != provider.pk:
        raise Refused("service", _("Choose one of your services."))
    same = PostTemplate.objects.filter(provider=provider, name=name)
    if same.exclude(pk=template_id or 0).exists():
        raise Refused("name", _("Another template has this name; choose a different one."))
    with by_the_rules():
        status = parse_status(status).value
    if status not in OF_ISSUES:
        raise Refused("status", _("Choose a status that an issue can have."))
    texts = {
        "title": checked("title", title, longest=LONGEST_TITLE),
        "user_impact": checked("user_impact", user_impact),
        "body": checked("body", body, required=True),
    }
    for field, text in texts.items():
        for language, words in text.items():
            _each_placeholder(
                words,
                known=PLACEHOLDERS.__contains__,
                field=f"{field}_{language.replace('-', '_')}",
            )
    template = (
        PostTemplate.objects.get(pk=template_id, provider=provider)
        if template_id
        else PostTemplate(provider=provider)
    )
    template.name, template.service = name, service
    template.classification, template.status = classification, status
    template.title, template.user_impact = texts["title"], texts["user_impact"]
    template.body = texts["body"]
    template.save()
    _audit(template, "template.saved", by, now)
    return template


@transaction.atomic
def delete_template(*, template: PostTemplate, by: Actor, now: datetime) -> None:
    """Delete a template; issues that used it keep their text."""
    _audit(template, "template.deleted", by, now)
    template.delete()


def _values(fields: IssueFields, language: str) -> dict[str, str]:
    with translation.override(language):
        return {
            "service": pick(fields.service.name, language),
            "feature": pick((fields.feature or fields.service).name, language),
            "start": f"{fields.start_at:%Y-%m-%d %H:%M} UTC",
            "title": pick(fields.title, language),
            "impact": pick(fields.user_impact, language),
        }


def _each_placeholder(words: str, *, known: Callable[[str], bool], field: str = "body") -> None:
    try:
        # A format or conversion ({start:>20}, {start!r}) is part of the name, so it is unknown.
        names = [
            f"{name}{f'!{conversion}' if conversion else ''}{f':{spec}' if spec else ''}"
            for _text, name, spec, conversion in string.Formatter().parse(words)
            if name is not None
        ]
    except ValueError as error:
        raise Refused(
            field, _("A brace is not closed; write {{ and }} for braces of your own.")
        ) from error
    for name in names:
        if not known(name):
            raise Refused(
                field,
                _("{%(name)s} is not a placeholder; there are %(known)s.")
                % {"name": name[:40], "known": ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)},
            )


def _audit(template: PostTemplate, action: str, by: Actor, now: datetime) -> None:
    record(
        by=by,
        organisation=template.provider,
        action=action,
        kind="template",
        key=template.name,
        now=now,
    )
