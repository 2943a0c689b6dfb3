"""The interface's translations without the system's gettext: collect, compile, check.

messages.py extract   bring every .po up to date with the source; keep what is translated
messages.py compile   make the .mo files that Django reads
messages.py check     fail when a text is missing, untranslated, fuzzy or has other placeholders
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/standfast"
LANGUAGES = ("zh_Hant",)
# Hand-written: our words for texts of the account library, in English too. Only compiled.
OTHERS_WORDS = (("web", "en"), ("web", "zh_Hant"))
TEMPLATE_SUFFIXES = {".html", ".txt"}

# Which arguments of a call are texts; `c` marks the one that is the context.
Arguments = tuple[int | tuple[int, str], ...] | None
CALLS: dict[str, Arguments] = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS: dict[str, Arguments] = {
    f"{call}{ending}": arguments
    for call, arguments in CALLS.items()
    for ending in ("", "_lazy", "_noop")
}
KEYWORDS["_"] = None

# Without dates and names, so that collecting twice changes nothing.
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms};\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0]*[\d.]*[a-zA-Z]|%[-+ #0]*[\d.]*[sdrf]|\{\w*\}")


def source_files(source: Path) -> Iterator[Path]:
    """Yield the Python modules and the templates below `source`, in a stable order."""
    for path in sorted(source.rglob("*")):
        is_template = path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts
        if (path.suffix == ".py" and "migrations" not in path.parts) or is_template:
            yield path


def python_of(path: Path) -> bytes:
    """Return Python source that holds the texts of `path`; a template's are turned into calls."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What is left of the markup is no code: its indentation would upset the tokenizer.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).split("\n"))
    return text.encode()


def collect(source: Path, language: str) -> Catalog:
    """Return a catalog, for `language` and without translations, of all texts below `source`."""
    catalog = Catalog(locale=language, fuzzy=False)
    for path in source_files(source):
        found = extract(
            "python", io.BytesIO(python_of(path)), KEYWORDS, comment_tags=("Translators:",)
        )
        place = path.relative_to(source).as_posix()
        for line, text, comments, context in found:
            catalog.add(text, None, [(place, line)], auto_comments=comments, context=context)
    return catalog


def po_path(source: Path, language: str) -> Path:
    """Return where the translations into `language` are kept."""
    return source / "locale" / language / "LC_MESSAGES/django.po"


def read(path: Path, language: str) -> Catalog:
    """Return the catalog in `path`, an empty one when there is no such file yet."""
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def write(path: Path, catalog: Catalog) -> None:
    """Write `catalog` in the order of the source, without line numbers (they change too often)."""
    body = io.BytesIO()
    write_po(
        body,
        catalog,
        width=100,
        omit_header=True,
        sort_by_file=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    header = HEADER.format(language=catalog.locale_identifier, plural_forms=catalog.plural_forms)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + body.getvalue().decode().strip() + "\n", encoding="utf-8")


def update(source: Path, language: str) -> Catalog:
    """Bring one .po up to date: new texts come in untranslated, texts no longer used go."""
    path = po_path(source, language)
    catalog = read(path, language)
    catalog.update(collect(source, language), no_fuzzy_matching=True)
    write(path, catalog)
    return catalog


def compile_catalog(source: Path, language: str) -> Path:
    """Write the .mo beside the .po and return its path."""
    path = po_path(source, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    compiled = path.with_suffix(".mo")
    with compiled.open("wb") as file:
        write_mo(file, read(path, language))
    return compiled


def texts(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the source forms and the translated forms of a message, singular first."""
    source = message.id if isinstance(message.id, tuple | list) else (message.id,)
    translated = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return tuple(source), tuple(form or "" for form in translated)


def fault(message: Message) -> str | None:
    """Say what is wrong with one translation; None when nothing is."""
    source, translated = texts(message)
    if not all(translated):
        return "is not translated"
    if message.fuzzy:
        return "is fuzzy"
    wanted = set(PLACEHOLDER.findall(source[-1]))
    for form in translated:
        if (found := set(PLACEHOLDER.findall(form))) != wanted:
            return f"has the placeholders {sorted(found)} instead of {sorted(wanted)}"
    return None


def faults(source: Path, language: str) -> list[str]:
    """Return one line for each text whose translation into `language` cannot be used."""
    kept = read(po_path(source, language), language)
    lines = []
    for wanted in collect(source, language):
        if not wanted.id:
            continue
        stored = kept.get(texts(wanted)[0][0], wanted.context)
        wrong = fault(stored) if stored else "is missing: run `make messages`"
        if wrong:
            place = wanted.locations[0][0] if wanted.locations else "?"
            lines.append(f"{language}: {place}: {texts(wanted)[0][0]!r} {wrong}")
    return lines


def main(arguments: list[str]) -> int:
    """Run one of the three commands; return the exit status."""
    settings.configure(USE_I18N=True)  # `templatize` asks for nothing else
    match arguments:
        case ["extract"]:
            for language in LANGUAGES:
                print(f"{language}: {len(update(SOURCE, language))} texts")
        case ["compile"]:
            ours = ((".", language) for language in LANGUAGES)
            for place, language in (*ours, *OTHERS_WORDS):
                made = compile_catalog(SOURCE / place, language)
                print(f"Compiled {made.relative_to(ROOT)}.")
        case ["check"]:
            wrong = [line for language in LANGUAGES for line in faults(SOURCE, language)]
            print(*wrong, f"{len(wrong)} texts to translate or repair", sep="\n")
            return 1 if wrong else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
