"""What the drill looks at; that it passes with real processes is for tests/scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from standfast.cli import main
from standfast.cli.drill.steps import TITLE, _is_taken_over

NOTICE = '<section class="card emergency" id="emergency-E1"><h2>{}</h2></section>'


@pytest.mark.parametrize(
    ("page", "is_over"),
    [
        (f"<main><h2>{TITLE}</h2></main>", True),
        (NOTICE.format(TITLE), False),
        (NOTICE.format("A real one that waits") + f"<main><h2>{TITLE}</h2></main>", True),
        (NOTICE.format("A real one that waits") + NOTICE.format(TITLE), False),
        ("<main></main>", False),
    ],
)
def test_posts_of_the_real_site_that_wait_do_not_fail_the_drill(
    tmp_path: Path, page: str, is_over: bool
) -> None:
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    assert _is_taken_over(tmp_path) is is_over


def test_a_report_that_cannot_be_written_is_told_before_the_rehearsal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFAST_DATA_DIR", str(tmp_path))
    report = tmp_path / "none" / "drill.json"
    done = CliRunner().invoke(main, ["drill", "backup-site", "--report", str(report)])
    assert (done.exit_code, "--report: drill.json cannot be written" in done.output) == (2, True)
