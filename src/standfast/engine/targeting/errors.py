"""What can be wrong with a placement index, its input or a question put to it."""

from __future__ import annotations

from collections.abc import Sequence


class TargetingError(ValueError):
    """Base of every error of this package; its text names the field or row and the fix."""


class CyclicComponents(TargetingError):
    """Components that contain each other. `cycle` starts and ends with the same component id."""

    def __init__(self, cycle: Sequence[int]) -> None:
        self.cycle: tuple[int, ...] = tuple(cycle)
        path = " > ".join(str(component) for component in self.cycle)
        super().__init__(f"components contain each other: {path}; remove one of these links")


class BadRow(TargetingError):
    """A row of input that cannot be used: `table`, `row` (from 0) and `field` say which."""

    def __init__(self, table: str, row: int, field: str, problem: str) -> None:
        self.table, self.row, self.field = table, row, field
        super().__init__(f"{table} row {row}, {field}: {problem}")


class UnknownComponents(TargetingError):
    """A scope names components that the index does not know: it is old, or they were removed."""

    def __init__(self, components: Sequence[int]) -> None:
        self.components: tuple[int, ...] = tuple(components)
        named = ", ".join(str(component) for component in self.components)
        super().__init__(f"components: not in the placement index: {named}")


class IndexFileError(TargetingError):
    """An index file that is missing, truncated, damaged or of another format: build it anew."""
