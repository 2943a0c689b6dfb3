"""The steps of the backup site's drill, in order."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from standfast.bundle.checking import spoken
from standfast.bundle.keys import load_key, make_key, public_text, save_key
from standfast.bundle.manifest import MANIFEST
from standfast.cli.drill.report import Report, StepFailed
from standfast.cli.drill.stage import DATABASE, Stage, copy_database, get, wait_for

TITLE = "Drill: the datacenter has lost its power"
TITLE_ZH = "演練：資料中心停電"
BODY = "This is a drill. We would say here what we know and when we tell you more."
BODY_ZH = "這是演練。我們會在此說明目前所知與下次更新時間。"


def look_at_real_stores(report: Report) -> None:
    """Say whether the real stores hold a whole, genuine and fresh bundle; change nothing."""
    from django.conf import settings

    from standfast.apps.publishing.signing_keys import publishing_file
    from standfast.bundle.checking import check_site
    from standfast.bundle.errors import StoreError
    from standfast.bundle.store import Store, without_secrets

    key = publishing_file()
    trusted = {public_text(load_key(key))} if key.exists() else None
    for address in settings.STANDFAST_BACKUP_TARGETS:
        name = f"The real store {without_secrets(address)}"
        try:
            found = check_site(Store(address), trusted=trusted, now=datetime.now(UTC))
        except StoreError as error:
            report.warn(name, str(error))
            continue
        wrong = [finding.said for finding in found.findings if finding.level == "fail"]
        if wrong:
            report.warn(name, " ".join(wrong[:3]))
        else:
            with report.step(name) as said:
                said.append("Whole, genuine and fresh.")


def rehearse(stage: Stage, report: Report) -> None:
    """All steps. Raises StepFailed at the first that fails."""
    with report.step("Copy the data") as said:
        said.append(_copy(stage))
    with report.step("Start the application; it writes the backup site") as said:
        _start_application(stage)
        said.append(_wait_for_bundles(stage))
    with report.step("Serve the backup site apart, verify it") as said:
        _serve(stage)
        said.append(_verify(stage))
    with report.step("Kill the application, move its database away") as said:
        _kill(stage)
        said.append("Its address answers no more.")
    with report.step("The backup site answers and says its age") as said:
        said.append(_answers(stage))
    with report.step("A post with a wrong key is refused") as said:
        said.append(_refused(stage))
    with report.step("Post in an emergency; everybody can read it") as said:
        said.append(_post(stage))
    with report.step("Bring the application back; it takes the post over, once") as said:
        said.append(_return(stage))


def _copy(stage: Stage) -> str:
    from django.conf import settings

    database = settings.DATABASES["default"]
    copied = database["ENGINE"].endswith("sqlite3") and copy_database(
        Path(database["NAME"]), stage.data
    )
    command = [sys.executable, "-m", "standfast.cli.drill.world"]
    environment = stage.environment() | {"DJANGO_SETTINGS_MODULE": "standfast.config.settings"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StepFailed(f"The copy cannot be used: {done.stderr.strip()[-300:]}")
    if copied:
        return "A copy of the database, in a folder of its own; no message leaves it."
    return "A small world of its own (the database is on a server, or empty)."


def _start_application(stage: Stage) -> None:
    stage.start("worker", "worker", "--only-backup-site")
    stage.start("web", "web", "--port", str(stage.main_port))
    wait_for("the application", lambda: get(_main(stage)) is not None)


def _wait_for_bundles(stage: Stage) -> str:
    for bundle in stage.bundles:
        wait_for(f"{bundle.name} ({stage.log_of('worker')})", (bundle / MANIFEST).exists)
    files = sum(1 for path in stage.bundles[0].rglob("*") if path.is_file())
    return f"{files} files in each of {len(stage.bundles)} stores."


def _serve(stage: Stage) -> None:
    public = public_text(load_key(stage.data / "keys" / "publishing.pem"))
    arguments = ["--bundle", str(stage.bundles[0]), "--port", str(stage.edge_port)]
    stage.start("edge", "edge", "serve", *arguments, "--public-key", public, "--look-every", "0.3")
    wait_for("the backup site", lambda: _status(stage.edge + "/") == 200)


def _verify(stage: Stage) -> str:
    public = public_text(load_key(stage.data / "keys" / "publishing.pem"))
    for bundle in stage.bundles:
        done = stage.run("edge", "verify", str(bundle), "--public-key", public)
        if done.returncode:
            raise StepFailed(f"{bundle.name}: {done.stdout.strip()}")
    return "Both stores are what was signed."


def _kill(stage: Stage) -> None:
    for name in ("web", "worker"):
        stage.kill(name)
    for file in stage.data.glob(f"{DATABASE}*"):
        file.rename(file.with_name(f"gone-{file.name}"))
    if get(_main(stage)) is not None:
        raise StepFailed("Something still answers at the application's address.")


def _answers(stage: Stage) -> str:
    page, summary = get(stage.edge + "/"), get(stage.edge + "/api/v2/summary.json")
    if page is None or page.status != 200 or summary is None or summary.status != 200:
        raise StepFailed("It does not answer.")
    made = re.search(r'name="standfast:generated-at" content="([^"]+)"', page.text)
    if not made or page.headers.get("x-generated-at") != made.group(1):
        raise StepFailed("Its page does not say when it was made.")
    json.loads(summary.text)
    age = datetime.now(UTC) - datetime.fromisoformat(made.group(1))
    return f"Made {spoken(age)} ago, and it says so."


def _refused(stage: Stage) -> str:
    wrong = stage.folder / "wrong.pem"
    save_key(wrong, make_key())
    before = (stage.bundles[0] / MANIFEST).read_bytes()
    done = _emergency(stage, wrong)
    if done.returncode == 0 or (stage.bundles[0] / MANIFEST).read_bytes() != before:
        raise StepFailed("It was written.")
    return "Nothing was written."


def _post(stage: Stage) -> str:
    done = _emergency(stage, stage.data / "keys" / "emergency.pem")
    if done.returncode:
        raise StepFailed(done.stderr.strip())
    wait_for("the post on the page", lambda: TITLE in _text(stage.edge + "/"))
    wait_for("the post in Chinese", lambda: TITLE_ZH in _text(stage.edge + "/zh-hant/"))
    summary = json.loads(_text(stage.edge + "/api/v2/summary.json"))
    if [each["name"] for each in summary["incidents"]].count(TITLE) != 1:
        raise StepFailed("Programs that read summary.json do not see it.")
    return "On the page in both languages, and in summary.json."


def _return(stage: Stage) -> str:
    for file in stage.data.glob(f"gone-{DATABASE}*"):
        file.rename(file.with_name(file.name.removeprefix("gone-")))
    _start_application(stage)
    for bundle in stage.bundles:
        wait_for("the post to be taken over", partial(_is_taken_over, bundle))
        wait_for("the post to be put away", partial(_is_put_away, bundle))
    wait_for("the backup site to follow", lambda: _count(stage) > 0)
    if _count(stage) != 1:
        raise StepFailed(f"It became {_count(stage)} incidents.")
    return "Two stores held it; it became one incident, for everybody, of unclear scope."


def _emergency(stage: Stage, key: Path) -> subprocess.CompletedProcess[str]:
    targets = [part for bundle in stage.bundles for part in ("--target", str(bundle))]
    english = ["--language", "en", "--title", TITLE, "--body", BODY]
    chinese = ["--language", "zh-hant", "--title", TITLE_ZH, "--body", BODY_ZH]
    return stage.run("emergency", "post", *targets, "--key", str(key), *english, *chinese)


def _is_taken_over(bundle: Path) -> bool:
    try:
        page = (bundle / "index.html").read_text("utf-8")
    except OSError:
        return False
    # Posts of the real site that wait to be taken over stand on its copy, too; they are not ours.
    notices = re.findall(r'<section class="card emergency".*?</section>', page, re.DOTALL)
    return TITLE in page and not any(TITLE in notice for notice in notices)


def _is_put_away(bundle: Path) -> bool:
    folder = bundle / "emergency"
    return not folder.is_dir() or not any(folder.iterdir())


def _count(stage: Stage) -> int:
    try:
        document = json.loads(_text(stage.edge + "/api/v2/incidents.json"))
    except ValueError:
        return 0
    return [each["name"] for each in document["incidents"]].count(TITLE)


def _main(stage: Stage) -> str:
    return f"http://127.0.0.1:{stage.main_port}/accounts/login/"


def _status(address: str) -> int:
    found = get(address)
    return found.status if found else 0


def _text(address: str) -> str:
    found = get(address)
    return found.text if found else ""
