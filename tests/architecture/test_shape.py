"""Sizes that keep a file readable, and pages that keep to the content policy."""

import ast
import re

from tests.architecture.source import PACKAGE, modules, templates

FILE, FUNCTION, TEMPLATE = 400, 50, 120
# Longer than they should be, and by how much at most; the list may only shrink.
LONGER = {
    "domains/matters/demo/texts.py:_approval": 80,
    "domains/matters/demo/texts.py:_service": 61,
    "domains/problems/demo/named.py:_tell": 51,
    "kernel/problems/actions/reporting.py:report": 72,
    "engines/schedule/levelling/smoothing.py:anneal": 57,
    "engines/schedule/scenarios.py:_block": 54,
    "engines/schedule/scenarios.py:_runs": 52,
    "engines/schedule/worksite/anneal.py:tables_of": 55,
    "engines/search/weights.py:_parse": 56,
    "ledger/sheets/workbook.py:_handlers": 61,
    "ui/gallery_visuals.py:_chain": 51,
    "ui/gallery_visuals.py:_charts": 56,
}
# Printed documents are rendered by WeasyPrint, which has no content policy and needs the page size inline.
PRINTED = {"print.html", "print_chains.html"}


def test_files_stay_within_400_lines() -> None:
    assert [
        f"{path}: {lines}"
        for path in modules()
        if (lines := len((PACKAGE / path).read_text().splitlines())) > LONGER.get(path, FILE)
    ] == []


def test_functions_stay_within_50_lines() -> None:
    long = {}
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION:
                    long[f"{path}:{node.name}"] = lines
    assert {name: lines for name, lines in long.items() if lines > LONGER.get(name, FUNCTION)} == {}
    assert sorted(name for name in LONGER if ":" in name and name not in long) == [], (
        "short enough now: take it off the list"
    )


def test_templates_stay_within_120_lines() -> None:
    assert [p.name for p in templates() if len(p.read_text().splitlines()) > TEMPLATE] == []


def test_no_page_carries_scripts_or_styles_of_its_own() -> None:
    faults = []
    for path in templates():
        if path.name in PRINTED:
            continue
        text = path.read_text()
        for pattern, what in (
            (r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", "script"),
            (r"<style\b", "style"),
            (r"\sstyle=", "style attribute"),
            (r"\son(click|change|submit|load|input)=", "event attribute"),
            (r"href=\"javascript:", "javascript address"),
        ):
            if re.search(pattern, text):
                faults.append(f"{path.name}: inline {what}")
    assert faults == []


def test_the_statuses_that_are_drawn_are_the_lights_that_are_kept() -> None:
    from hongtu.kernel.chains.vocab import Light
    from hongtu.ui.status import LOOKS, Status

    assert [status.value for status in Status] == Light.values
    assert [str(LOOKS[status].word) for status in Status] == [str(label) for label in Light.labels]
