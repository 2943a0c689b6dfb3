"""Form fields for texts per language: one field a language, side by side on a wide screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise

from standfast.apps.tenancy.languages import LANGUAGES, Localised
from standfast.web.forms import StyledForm, style_widget
from standfast.web.labels import label_of


@dataclass(frozen=True, slots=True)
class Text:
    """A text to write: `rows` of 1 is a single line without Markdown."""

    label: str | Promise
    rows: int = 4
    hint: str | Promise = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class TextPair:
    """A text with its field in each language, for the template."""

    name: str
    text: Text
    fields: list[BoundField]

    @property
    def missing(self) -> list[str]:
        """The languages not written yet, when another one is."""
        empty = [field.name for field in self.fields if not (field.value() or "").strip()]
        if len(empty) == len(self.fields):
            return []
        return [
            label_of("language", language)
            for language in LANGUAGES
            if field_name(self.name, language) in empty
        ]


def field_name(text: str, language: str) -> str:
    """The field of a text in one language, as the services name it in refusals."""
    return f"{text}_{language.replace('-', '_')}"


def spread(name: str, text: Mapping[str, str] | None) -> dict[str, str]:
    """A stored text as initial values of its fields."""
    return {field_name(name, language): (text or {}).get(language, "") for language in LANGUAGES}


class TextsForm(StyledForm):
    """A form with `texts`: each becomes one field per language. Nothing typed is ever dropped."""

    texts: ClassVar[dict[str, Text]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, text in self.texts.items():
            for language in LANGUAGES:
                self.add_field(field_name(name, language), _text_field(text, language))

    def add_field(self, name: str, field: forms.Field) -> None:
        """Add a field that depends on the page, in the look of the others."""
        style_widget(field.widget)
        self.fields[name] = field

    def localised(self, name: str) -> Localised:
        """The text as typed, per language; languages left empty are left out."""
        typed = {
            language: str(self.cleaned_data.get(field_name(name, language)) or "")
            for language in LANGUAGES
        }
        return {language: words for language, words in typed.items() if words.strip()}

    def typed(self, name: str) -> Localised:
        """The same from a form that need not be valid."""
        return {
            language: str(self[field_name(name, language)].value() or "") for language in LANGUAGES
        }

    @property
    def text_pairs(self) -> list[TextPair]:
        """The texts in their order."""
        return [
            TextPair(name, text, [self[field_name(name, language)] for language in LANGUAGES])
            for name, text in self.texts.items()
        ]

    @property
    def plain_fields(self) -> list[BoundField]:
        """The visible fields that are not texts, in their order."""
        of_texts = {field_name(name, language) for name in self.texts for language in LANGUAGES}
        return [field for field in self.visible_fields() if field.name not in of_texts]


def _text_field(text: Text, language: str) -> forms.CharField:
    widget: forms.Widget
    attributes = {"lang": "zh-Hant" if language == "zh-hant" else language}
    if text.rows == 1:
        widget = forms.TextInput(attrs=attributes)
    else:
        widget = forms.Textarea(attrs={**attributes, "rows": text.rows})
    # Neither stripped nor limited here: the services check, and say it per language.
    return forms.CharField(
        label=label_of("language", language), required=False, strip=False, widget=widget
    )
