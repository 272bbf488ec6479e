"""The spine under a state machine: steps tried, and how many a second. `--full` plays 50,000 steps.

There is no peer to compare with: what counts is that every invariant held. Needs the development
dependencies; uses a database of its own and drops it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongtu.site.settings")


def main(full: bool) -> int:
    """Play; the exit code says whether the invariants held."""
    import django

    django.setup()
    from django.conf import settings as site
    from django.test.utils import setup_databases, teardown_databases
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.kernel.problems import world
    from tests.kernel.problems.machine import Spine

    class Play(Spine):
        """Says how far it is."""

        said = 0

        def teardown(self) -> None:
            super().teardown()
            if Play.steps // 1_000 > Play.said:
                Play.said = Play.steps // 1_000
                print(f"{Play.steps:,} moves", file=sys.stderr, flush=True)

    wanted = 50_000 if full else 1_500
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            site.MEDIA_ROOT = folder
            Play.house, Play.cast = world.build()
            began = time.perf_counter()
            run_state_machine_as_test(
                Play,
                settings=settings(
                    max_examples=wanted // 45,
                    stateful_step_count=50,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    database=None,
                    phases=[Phase.generate],
                ),
            )
            seconds = time.perf_counter() - began
    finally:
        teardown_databases(kept, verbosity=0)
    rate = Play.steps / seconds
    print(f"{Play.steps:,} moves tried in {seconds:.0f} s ({rate:.0f}/s); every invariant held")
    return 0


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv))
