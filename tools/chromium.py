"""Finding the system's Chromium: nothing is downloaded for tests and pictures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = "no Chromium found: install chromium (or Google Chrome), or set CHROMIUM to its program"


def find_chromium() -> str | None:
    """Return the program's path: $CHROMIUM, else one on the PATH, else a usual place."""
    if named := os.environ.get("CHROMIUM"):
        return named
    on_path = (shutil.which(name) for name in NAMES)
    in_place = (place for place in PLACES if Path(place).exists())
    return next((found for found in (*on_path, *in_place) if found), None)
