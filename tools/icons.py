"""Draw the icons of the installable app from the one SVG: `python -m tools.icons`.

Phones want PNGs: on a page's tab, on the home screen (`maskable`: cut to any shape by the system,
so the drawing keeps to the middle), beside a notification (`badge`: its outline alone counts).
"""

from __future__ import annotations

import base64
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tools.chromium import ADVICE, find_chromium

FOLDER = Path(__file__).resolve().parent.parent / "src/standfast/web/static/img"
SOURCE = FOLDER / "icon.svg"
COLOUR = "#0b5d7a"


@dataclass(frozen=True, slots=True)
class Icon:
    """One file: its size in pixels, how much of it the drawing takes, what is behind it."""

    name: str
    size: int
    share: float = 1.0
    behind: str = "transparent"
    badge: bool = False


ICONS = (
    Icon("icon-192", 192),
    Icon("icon-512", 512),
    Icon("icon-maskable-192", 192, 0.66, COLOUR),
    Icon("icon-maskable-512", 512, 0.66, COLOUR),
    Icon("apple-touch-icon", 180, 0.78, COLOUR),
    Icon("badge-96", 96, 1.0, badge=True),
)


def main() -> None:
    """Draw all of them."""
    program = find_chromium()
    if program is None:
        sys.exit(ADVICE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for icon in ICONS:
            drawn = draw(browser, icon)
            (FOLDER / f"{icon.name}.png").write_bytes(drawn)
            print(f"{icon.name}.png: {len(drawn):,} bytes")
        browser.close()


def draw(browser: Browser, icon: Icon) -> bytes:
    """One icon as PNG."""
    svg = SOURCE.read_text("utf-8")
    if icon.behind != "transparent" or icon.badge:
        svg = re.sub(r"<rect [^>]*/>", "", svg)
    if icon.badge:
        svg = svg.replace('fill-opacity=".16"', 'fill-opacity="0"').replace('"1.6"', '"2.2"')
    image = base64.b64encode(svg.encode()).decode()
    side = round(icon.size * icon.share * (1.35 if icon.behind != "transparent" else 1))
    page = browser.new_page(viewport={"width": icon.size, "height": icon.size})
    page.set_content(
        f"<body style='margin:0;background:{icon.behind};display:grid;place-items:center;"
        f"height:{icon.size}px;overflow:hidden'>"
        f"<img src='data:image/svg+xml;base64,{image}' width={side} height={side}></body>"
    )
    drawn = page.screenshot(omit_background=True)
    page.close()
    return drawn


if __name__ == "__main__":
    main()
