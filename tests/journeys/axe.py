"""Accessibility of a page that a browser shows: axe-core, carried in tests/vendor."""

from pathlib import Path
from typing import Any

WIDTHS = (1440, 768, 390)
AXE = Path(__file__).resolve().parents[1] / "vendor/axe-core/axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Any) -> list[str]:
    """What axe-core finds on a Playwright page, one line for each element; empty when all is well.

    The script is evaluated by the browser's debugger, so a strict content policy does not stop it.
    """
    page.evaluate("window.scrollTo(0, 0)")  # else the sticky header covers whatever it was scrolled over
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{violation['id']} ({violation['impact']}) at {node['target']}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def faults_of(page: Any) -> list[str]:
    """What axe finds on the page as it stands, and whether it sticks out of the window, in every width.
    The window is as wide as before afterwards."""
    before = page.viewport_size
    page.wait_for_load_state("networkidle")
    place, found = page.url.split("/", 3)[3], []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"/{place} at {width}: {fault}" for fault in violations(page)]
        # after axe, when the charts have followed the width
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            found.append(f"/{place} at {width}: sticks out {beyond} px")
    page.set_viewport_size(before)
    return found
