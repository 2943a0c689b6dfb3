"""Template tags of the account pages."""

from __future__ import annotations

from typing import TypeVar

from django import forms, template

from standfast.web.accounts import demo_logins
from standfast.web.forms import style_widget

register = template.Library()
register.simple_tag(demo_logins)
AnyForm = TypeVar("AnyForm", bound=forms.BaseForm)


@register.filter
def styled(form: AnyForm) -> AnyForm:
    """A form of another library, with the classes of our style sheet on its widgets."""
    for field in form.fields.values():
        if not field.widget.is_hidden and "form-" not in field.widget.attrs.get("class", ""):
            style_widget(field.widget)
    return form
