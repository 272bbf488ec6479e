"""Make the pictures of the README from the running product: a throw-away home, the demonstration district.

Run by `make screenshots`. Nothing is drawn by hand: what stands in docs/images is what the pages show.
With names of pictures, only those; with `--base ADDRESS`, of a server with the demonstration that is running
already.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
PASSWORD = "hongtu-shili-2025"
SHOTS = (
    ("wall", "/", (1440, 1000), False),
    ("ledger", "/ledgers/projects/", (1440, 900), False),
    ("project", "/ledgers/projects/3/", (1440, 1100), False),
    ("chain", "/projects/3/chain/", (1440, 1000), False),
    ("import", "/ledgers/projects/import/", (1440, 800), False),
    ("screen", "/screen/", (1920, 1080), False),
    ("phone", "/", (390, 844), False),
    # The guide docs/tutorial/plan-backwards.
    ("plan-approvals", "/projects/6/approvals/?type=road&permit=2026-09-30", (1200, 860), False),
    ("plan-chain", "/projects/6/chain/", (1200, 860), False),
    ("plan-risk", "/projects/6/risk/", (1200, 900), False),
    ("plan-rescue", "/projects/6/rescue/?wanted=2025-10-10", (1200, 860), False),
    ("plan-faces", "/projects/faces/", (1200, 900), False),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers; it loads the demonstration district first."""
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the server ended before it answered")
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("the server did not answer within five minutes")


def log_in(page: Page, base: str, user: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--base", default="")
    given = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    if given.base:
        shoot(given.base, given.names)
        return
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="hongtu-shots-") as home:
        Path(home).chmod(0o755)
        environment = {**os.environ, "HONGTU_HOME": home}
        command = [sys.executable, "-m", "hongtu", "serve", "--demo", "--port", str(port)]
        with subprocess.Popen(command, env=environment) as server:
            try:
                wait(f"{base}/accounts/login/", server)
                shoot(base, given.names)
            finally:
                server.terminate()


def shoot(base: str, names: list[str]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for name, path, (width, height), whole in SHOTS:
            if names and name not in names:
                continue
            context = browser.new_context(viewport={"width": width, "height": height})
            page = context.new_page()
            log_in(page, base, "zhongxin")
            page.goto(base + path)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(800)  # charts draw after the page has loaded
            page.screenshot(path=IMAGES / f"{name}.png", full_page=whole)
            print(f"{name}.png  {path}  {width}x{height}")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
