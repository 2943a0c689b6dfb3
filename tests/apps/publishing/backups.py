"""Writing backup sites in tests, as a worker does."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from standfast.apps.publishing.models import Target
from standfast.apps.publishing.services.targets import store_targets
from standfast.apps.publishing.services.writing import write_due
from standfast.apps.publishing.signing_keys import publishing_key
from standfast.bundle.checking import Report, check_site
from standfast.bundle.keys import public_text
from standfast.bundle.store import Store


def write_all(worker: str = "tests") -> list[int]:
    """Let one worker look at every target once; how many sites it wrote in each."""
    return [
        write_due(target=target, address=address, worker=worker, now=timezone.now())
        for target, address in store_targets()
    ]


def the_target() -> Target:
    return Target.objects.get()


def report_on(folder: Path, prefix: str = "") -> Report:
    trusted = {public_text(publishing_key())}
    return check_site(Store(str(folder)), prefix=prefix, trusted=trusted, now=timezone.now())


def texts_below(folder: Path) -> dict[str, str]:
    """Every file that is not compressed, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".br", ".gz", ".zip"}
    }
