"""Lists in pages: `{"items": […], "count", "page", "pages"}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.paginator import Page

Row = TypeVar("Row")


def paged(page: Page[Row], shape: Callable[[Row], Any]) -> dict[str, Any]:
    """One page as its schema wants it."""
    return {
        "items": [shape(row) for row in page.object_list],
        "count": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
    }
