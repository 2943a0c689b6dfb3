"""Two people at one issue: what the other one saved, beside what you typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone

from standfast.web.console.moments import LAYOUT, MomentField


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same in both versions."""

    label: str
    language: str
    theirs: str
    yours: str


def differences(form: forms.Form, stored: Mapping[str, Any]) -> list[Difference]:
    """Compare the typed form with the stored values (as initial values of the same fields)."""
    found = []
    texts = {
        name: str(pair.text.label)
        for pair in getattr(form, "text_pairs", [])
        for name in (field.name for field in pair.fields)
    }
    for field in form.visible_fields():
        if field.name not in stored:
            continue
        theirs, yours = _shown(field, stored[field.name]), _shown(field, field.value())
        if theirs != yours:
            label = texts.get(field.name)
            language = str(field.label) if label else ""
            found.append(Difference(label or str(field.label), language, theirs, yours))
    return found


def accept_newer(form: forms.Form, version: int) -> None:
    """Let the next save of the form go against the version that its reader has now been shown."""
    data = cast(QueryDict, form.data).copy()
    data["version"] = str(version)
    form.data = data


def _shown(field: BoundField, value: Any) -> str:
    if isinstance(field.field, MomentField):
        with suppress(forms.ValidationError):
            value = field.field.to_python(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime(LAYOUT)
    if isinstance(field.field, forms.BooleanField):
        return "✓" if value and value != "False" else "–"
    if isinstance(field.field, forms.ChoiceField):
        return _choice(field.field, str(value or ""))
    return str(value if value is not None else "").replace("\r\n", "\n").strip()


def _choice(field: forms.ChoiceField, value: str) -> str:
    for key, words in cast("Iterable[tuple[object, Any]]", field.choices):
        if isinstance(words, list | tuple):
            for inner, inner_words in words:
                if str(inner) == value:
                    return str(inner_words)
        elif str(key) == value:
            return str(words)
    return value
