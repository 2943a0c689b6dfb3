"""Copy the pinned front-end files into the static files, and make one sprite of the icons in use.

`<use href="…/vendor/icons.svg#NAME">` shows an icon in the colour of the text around it, its lines
as wide as the `stroke-width` of the page says; `src/standfast/web/icons.txt` lists the names.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from whitenoise.compress import Compressor  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
ICON_LIST = ROOT / "src/standfast/web/icons.txt"
VENDORED = ROOT / "src/standfast/web/static/vendor"
SVG = "http://www.w3.org/2000/svg"

COPIED = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx-ext-sse/dist/sse.min.js": "sse.min.js",
}
DRAWN = {
    "viewBox": "0 0 24 24",
    "fill": "none",
    "stroke": "currentColor",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
}
SOURCE_MAP = re.compile(rb"\s*(/\*|//)# sourceMappingURL=\S+( ?\*/)?\s*$")


def copy_files() -> None:
    """Copy what pages load, without the pointers to source maps, which are not copied."""
    for source, target in COPIED.items():
        content = (PACKAGES / source).read_bytes()
        (VENDORED / target).write_bytes(SOURCE_MAP.sub(b"\n", content))


def listed_icons(text: str) -> list[str]:
    """Return the names in the list, in order, without blanks, comments and repeats."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return list(dict.fromkeys(name for name in lines if name))


def sprite(names: list[str], outline: Path) -> str:
    """Return an SVG document with one symbol for each name, drawn by the files in `outline`.

    Raises FileNotFoundError naming the icons that do not exist.
    """
    unknown = [name for name in names if not (outline / f"{name}.svg").is_file()]
    if unknown:
        raise FileNotFoundError(f"No such icon: {', '.join(unknown)} (see {ICON_LIST.name}).")
    ET.register_namespace("", SVG)
    document = ET.Element(f"{{{SVG}}}svg")
    for name in names:
        drawing = ET.parse(outline / f"{name}.svg").getroot()  # noqa: S314 - a pinned package
        symbol = ET.SubElement(document, f"{{{SVG}}}symbol", {"id": name, **DRAWN})
        # The empty square that every drawing begins with only helps editors.
        symbol.extend(part for part in drawing if part.get("stroke") != "none")
    ET.indent(document, " ")
    return ET.tostring(document, encoding="unicode") + "\n"


def compress() -> None:
    """Put a gzip form beside each file: the pages' server sends it as it is."""
    compressor = Compressor(use_brotli=False, quiet=True)
    for path in sorted(VENDORED.iterdir()):
        compressor.compress(str(path))


def main() -> int:
    """Fill `static/vendor` afresh."""
    names = listed_icons(ICON_LIST.read_text(encoding="utf-8"))
    drawn = sprite(names, PACKAGES / "@tabler/icons/icons/outline")
    shutil.rmtree(VENDORED, ignore_errors=True)
    VENDORED.mkdir(parents=True)
    copy_files()
    (VENDORED / "icons.svg").write_text(drawn, encoding="utf-8")
    compress()
    print(f"Copied {len(COPIED)} files and {len(names)} icons into {VENDORED.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FileNotFoundError as error:
        sys.exit(f"tools/vendor.py: {error}")
