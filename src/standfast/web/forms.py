"""How forms are drawn: one renderer, one template per field, errors at the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from standfast.apps.tenancy.errors import Refused


class FormRenderer(TemplatesSetting):
    """Draws forms with our own templates."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class StyledForm(forms.Form):
    """A plain form whose widgets carry the classes of the style sheet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            style_widget(field.widget)

    def refuse(self, refused: Refused) -> None:
        """Show what a service refused, at the field that it names (else above the form)."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


def style_widget(widget: forms.Widget) -> None:
    """Give a widget the class that the style sheet expects."""
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        css = "form-check-group"
    elif isinstance(widget, forms.CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    else:
        css = "form-control"
    widget.attrs["class"] = f"{css} {widget.attrs.get('class', '')}".strip()
