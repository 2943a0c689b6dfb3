"""The translation tool on small source trees."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest

from tools.messages import (
    KEYWORDS,
    OTHERS_WORDS,
    SOURCE,
    collect,
    compile_catalog,
    fault,
    faults,
    po_path,
    read,
    update,
)

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

TITLE = _("Service health")
LONG = _("One sentence. "
         "And another.")
MONTH = pgettext("month name", "May")

def people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
"""
TEMPLATE = """{% load i18n %}
<div title="{% translate "Close" %}">
      {% blocktranslate with name=issue.title %}About {{ name }}{% endblocktranslate %}
  {% blocktranslate trimmed count total=total %}
    {{ total }} tenant
  {% plural %}
    {{ total }} tenants
  {% endblocktranslate %}
 {% if x == _("Yes") %}{% translate "May" context "permission" %}{% endif %}
   {{ value|default:_("nothing") }}
</div>
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "labels.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def translate(source: Path, *pairs: tuple[str, str]) -> None:
    path = po_path(source, "zh_Hant")
    text = path.read_text(encoding="utf-8")
    for message, translation in pairs:
        assert f"{message}\n" in text
        head = text.index(f"{message}\n") + len(message)
        end = text.index('""', head)
        text = text[:end] + f'"{translation}"' + text[end + 2 :]
    path.write_text(text, encoding="utf-8")


def test_texts_of_python_and_templates_are_found(source: Path) -> None:
    found = {(message.id, message.context) for message in collect(source, "zh_Hant") if message.id}
    assert found == {
        ("Service health", None),
        ("One sentence. And another.", None),
        ("May", "month name"),
        (("%(count)s person", "%(count)s people"), None),
        ("Close", None),
        ("About %(name)s", None),
        (("%(total)s tenant", "%(total)s tenants"), None),
        ("Yes", None),
        ("May", "permission"),
        ("nothing", None),
    }


def test_collecting_again_keeps_translations_and_changes_nothing(source: Path) -> None:
    update(source, "zh_Hant")
    translate(source, ('msgid "Close"', "關閉"))
    before = po_path(source, "zh_Hant").read_bytes()
    update(source, "zh_Hant")
    assert po_path(source, "zh_Hant").read_bytes() == before
    assert "關閉" in before.decode()


def test_texts_no_longer_used_leave_and_new_ones_arrive_untranslated(source: Path) -> None:
    update(source, "zh_Hant")
    (source / "labels.py").write_text('_("Fresh")', encoding="utf-8")
    update(source, "zh_Hant")
    text = po_path(source, "zh_Hant").read_text(encoding="utf-8")
    assert "Service health" not in text
    assert 'msgid "Fresh"\nmsgstr ""' in text


def test_compiled_translations_are_read_by_gettext(source: Path) -> None:
    update(source, "zh_Hant")
    translate(
        source,
        ('msgid "Close"', "關閉"),
        ('msgid_plural "%(total)s tenants"', "%(total)s 個租用戶"),
        ('msgctxt "permission"\nmsgid "May"', "可以"),
    )
    with compile_catalog(source, "zh_Hant").open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert translations.gettext("Close") == "關閉"
    assert translations.pgettext("permission", "May") == "可以"
    assert translations.ngettext("%(total)s tenant", "%(total)s tenants", 1) == "%(total)s 個租用戶"
    assert translations.gettext("Yes") == "Yes"


def test_the_check_names_what_is_missing_untranslated_or_has_other_placeholders(
    source: Path,
) -> None:
    assert all("is missing" in line for line in faults(source, "zh_Hant"))
    update(source, "zh_Hant")
    assert len(faults(source, "zh_Hant")) == 10
    translate(source, ('msgid "About %(name)s"', "關於 %(title)s"), ('msgid "Close"', "關閉"))
    lines = faults(source, "zh_Hant")
    assert not any("'Close'" in line for line in lines)
    assert [line for line in lines if "%(title)s" in line and "templates/page.html" in line]


def test_a_fuzzy_translation_is_reported(source: Path) -> None:
    update(source, "zh_Hant")
    translate(source, ('msgid "Close"', "關閉"))
    path = po_path(source, "zh_Hant")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgid "Close"', '#, fuzzy\nmsgid "Close"'), encoding="utf-8")
    assert [line for line in faults(source, "zh_Hant") if "'Close' is fuzzy" in line]


def test_every_name_that_translates_is_one_that_is_collected() -> None:
    """A text behind another name would never reach the translators."""
    renamed = re.compile(r"import \(?\s*(?:\w*gettext\w*) as (\w+)")
    used = {
        name: path.name
        for path in SOURCE.rglob("*.py")
        for name in renamed.findall(path.read_text(encoding="utf-8"))
    }
    # Takes names of channels, which are marked where they stand.
    assert used.keys() - KEYWORDS.keys() <= {"lazily", "gettext_module"}, used


@pytest.mark.parametrize(("place", "language"), OTHERS_WORDS)
def test_our_words_for_others_texts_keep_their_placeholders(place: str, language: str) -> None:
    for message in read(po_path(SOURCE / place, language), language):
        if message.id:
            assert fault(message) is None, message.id
