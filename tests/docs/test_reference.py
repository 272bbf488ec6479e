"""Pages of docs/reference that a script writes say what the script would write today."""

import subprocess
import sys

from tests.docs.test_guides import ROOT

PAGE = ROOT / "docs/reference/approval-network.md"


def test_the_approval_network_is_up_to_date_and_equal_to_what_was_published() -> None:
    script = [sys.executable, str(ROOT / "tools/approval_network.py"), "--check"]
    run = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    published = PAGE.read_text(encoding="utf-8").split("## On the real calendar")[0]
    assert "≠" not in published
    assert published.count(" ✓ |") == 6 * 7
