"""Take the pictures in docs/screenshots: a demo of its own, real pages, headless Chromium.

Console, portal and public page; light and dark; both languages; desktop and phone. Few well-chosen
pictures instead of every combination. `--keep DIR` uses (and keeps) a demo's folder.
"""

from __future__ import annotations

import argparse
import base64
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from standfast.cli.demo.world.offerings import PROVIDER_SLUG
from standfast.cli.demo.world.people import PASSWORD
from standfast.cli.listening import free_port
from tools.chromium import ADVICE, find_chromium
from tools.palette import shrink

FOLDER = Path(__file__).resolve().parent.parent / "docs/screenshots"
MOST_BYTES = 150_000
DESKTOP, PHONE = (1280, 860), (360, 740)
CONSOLE, PORTAL = f"/console/{PROVIDER_SLUG}/", "/portal/harrowmere-foods/"
PUBLIC, CHINESE_PORTAL = f"/status/{PROVIDER_SLUG}/", "/portal/chengxi-precision/"
COMMUNICATOR = f"communicator@{PROVIDER_SLUG}.example"
TENANT, CHINESE_TENANT = "admin@harrowmere-foods.example", "admin@chengxi-precision.example"
PARTNER, PARTNER_PAGE = "partner@lanternfield.example", "/partner/lanternfield-advisory/"
Act = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: whose page, in which language, theme and size, after which acts."""

    name: str
    path: str
    who: str = ""
    language: str = "en"
    theme: str = "light"
    size: tuple[int, int] = DESKTOP
    act: Act | None = None

    @property
    def file(self) -> str:
        """The picture's file name: what, language, theme, and phone when it is one."""
        phone = "-phone" if self.size == PHONE else ""
        return f"{self.name}-{self.language}-{self.theme}{phone}.png"


def open_issue(page: Page) -> None:
    """Follow the link to the open mail incident."""
    page.locator("main a[href*='/issues/ML']").first.click()
    page.wait_for_load_state()


def pick_server(page: Page) -> None:
    """Choose the server of the open incident in the scope picker, for mail."""
    page.fill("#scope-q", "MXS-021")
    page.locator("li.tree-row", has_text="MXS-021").locator("a[id^=pick-]").click()
    page.locator(".figure").first.wait_for()
    page.locator("a[id^=service-]").first.click()
    page.locator("a[id^=service-].is-chosen").wait_for()


def preview(page: Page) -> None:
    """Confirm the detected issue, describe it, and look at the preview."""
    page.locator("form[action$='/confirm/'] button").first.click()
    page.fill("[name=user_impact_en]", "Sound breaks up for **part of the people** in meetings.")
    page.fill("[name=user_impact_zh_hant]", "部分會議參與者的**聲音斷續**。")
    page.locator("main form button.btn-primary[type=submit]").first.click()
    page.fill(
        "[name=body_en]", "Three media servers lose packets. New meetings go to other servers."
    )
    page.fill("[name=body_zh_hant]", "三台媒體伺服器遺失封包，新會議已改連其他伺服器。")
    page.locator("button[formaction$='/preview/']").click()
    page.wait_for_load_state()


def open_bundle(page: Page, name: str = "index.html") -> None:
    """Open a page of the backup site as the file that it is; the console says where."""
    folder = page.locator("h2.address").first.inner_text()
    page.goto(Path(folder, name).as_uri())


def first_maintenance(page: Page) -> None:
    """Follow the link to the next maintenance, which has moved."""
    page.locator("main a[href*='/maintenance/MC']").first.click()
    page.wait_for_load_state()


def pick_parts(page: Page) -> None:
    """Choose two servers in the form of a maintenance, and look at what is chosen."""
    page.locator("[name=services]").first.check()
    page.fill("#parts-q", "MXS-02")
    for key in ("MXS-021", "MXS-022"):
        page.locator("li.tree-row", has_text=key).locator("[id^=pick-]").click()
        page.locator("#parts-chosen", has_text=key).wait_for()
    page.locator("#worked-on-title").evaluate("(at) => at.scrollIntoView()")


def go_offline(page: Page) -> None:
    """Look at the page once more without a network: what was kept is shown with its age."""
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.reload()
    page.evaluate(
        """async () => {
          while (!(await caches.match(new Request(location.pathname)))) {
            await new Promise((again) => setTimeout(again, 50));
          }
        }"""
    )
    page.context.set_offline(True)
    page.reload()
    page.locator(".banner-offline").wait_for()


SHOTS = (
    Shot("sign-in", "/accounts/login/"),
    Shot("console-home", CONSOLE, COMMUNICATOR),
    Shot("console-home", CONSOLE, COMMUNICATOR, "zh-hant", "dark"),
    Shot("console-home", CONSOLE, COMMUNICATOR, size=PHONE),
    Shot("console-scope", f"{CONSOLE}scope/", COMMUNICATOR, act=pick_server),
    Shot("console-scope", f"{CONSOLE}scope/", COMMUNICATOR, theme="dark", act=pick_server),
    Shot("console-issue", CONSOLE, COMMUNICATOR, act=open_issue),
    Shot("console-issue", CONSOLE, COMMUNICATOR, "zh-hant", "dark", PHONE,
         open_issue),
    Shot("console-promises", f"{CONSOLE}on-time/", COMMUNICATOR),
    Shot("portal-dashboard", PORTAL, TENANT),
    Shot("portal-dashboard", CHINESE_PORTAL, CHINESE_TENANT, "zh-hant", "dark"),
    Shot("portal-dashboard", PORTAL, TENANT, size=PHONE),
    Shot("portal-issue", PORTAL, TENANT, act=open_issue),
    Shot("portal-issue", CHINESE_PORTAL, CHINESE_TENANT, "zh-hant", "dark", PHONE,
         open_issue),
    Shot("portal-responsibility", f"{PORTAL}responsibility/?when=incident", TENANT),
    Shot("partner-customers", PARTNER_PAGE, PARTNER),
    Shot("public", PUBLIC),
    Shot("public", PUBLIC, "", "zh-hant", "dark", PHONE),
    Shot("console-backup", f"{CONSOLE}backup/", COMMUNICATOR),
    Shot("backup", f"{CONSOLE}backup/", COMMUNICATOR, act=open_bundle),
    Shot("backup", f"{CONSOLE}backup/", COMMUNICATOR, "zh-hant", "dark", PHONE,
         partial(open_bundle, name="zh-hant/index.html")),
    Shot("console-maintenance", f"{CONSOLE}maintenance/", COMMUNICATOR, act=first_maintenance),
    Shot("console-maintenance-form", f"{CONSOLE}maintenance/new/", COMMUNICATOR, act=pick_parts),
    Shot("portal-maintenance", f"{PORTAL}maintenance/", TENANT, size=PHONE),
    Shot("portal-maintenance", f"{CHINESE_PORTAL}maintenance/", CHINESE_TENANT, "zh-hant", "dark",
         PHONE, first_maintenance),
    Shot("offline", PORTAL, TENANT, theme="dark", size=PHONE, act=go_offline),
    Shot("console-preview", CONSOLE, COMMUNICATOR, act=preview),
)  # fmt: skip


def main() -> int:
    """Take every picture; exit code 1 when one of them is too large."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", type=Path, help="folder of the demo, kept afterwards")
    options.add_argument("--only", default="", help="only pictures whose name holds this")
    chosen = options.parse_args()
    program = find_chromium()
    if program is None:
        print(ADVICE, file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with demo(chosen.keep) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for shot in SHOTS:
            if chosen.only in shot.file:
                picture = shrink(take(browser, address, shot))
                (FOLDER / shot.file).write_bytes(picture)
                sizes[shot.file] = len(picture)
                print(f"{shot.file}  {len(picture) / 1000:.0f} kB")
        browser.close()
    large = {name: size for name, size in sizes.items() if size > MOST_BYTES}
    if large:
        print(f"Larger than {MOST_BYTES} bytes: {', '.join(large)}", file=sys.stderr)
    return int(bool(large))


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """One picture, with a fresh profile."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-TW" if shot.language == "zh-hant" else "en-GB",
        color_scheme="dark" if shot.theme == "dark" else "light",
        timezone_id="Asia/Taipei",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    try:
        if shot.who:
            page.goto(f"{address}/accounts/login/")
            page.fill("input[name=login]", shot.who)
            page.fill("input[name=password]", PASSWORD)
            page.locator("#sign-in-form button[type=submit]").click()
            page.wait_for_url(lambda url: "/accounts/login" not in url)
        response = page.goto(f"{address}{shot.path}")
        if response is None or response.status != 200:
            raise RuntimeError(f"{shot.file}: {shot.path} answers {response and response.status}")
        if shot.act:
            shot.act(page)
        page.wait_for_timeout(400)  # countdowns and pictures settle; a test would wait otherwise
        session = context.new_cdp_session(page)
        made = session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
        return base64.b64decode(made["data"])
    finally:
        context.close()


@contextmanager
def demo(kept: Path | None) -> Iterator[str]:
    """A served demo; its address."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="standfast-demo-") as temporary:
        folder = kept or Path(temporary)
        command = [sys.executable, "-m", "standfast", "demo", "--data-dir", str(folder)]
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            env={**os.environ, "PYTHONUNBUFFERED": "1", "STANDFAST_LOG_LEVEL": "WARNING"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        try:
            for line in process.stdout:
                if "Ctrl-C" in line:
                    break
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


if __name__ == "__main__":
    sys.exit(main())
