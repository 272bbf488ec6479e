"""Reading and scheduling a real-sized Microsoft Project XML: ours beside MPXJ, time and peak memory.

    python bench/schedule_files.py [--full]

Quick: 5,000 tasks; full: 50,000. MPXJ (Java) runs in a process of its own, timed from its
start, as a person waits for it, and step by step.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

OURS = """
import json, resource, sys, time
from pathlib import Path
begun = time.perf_counter()
from hongtu.adapters.schedule_files import read_schedule
from hongtu.adapters.schedule_files.dates import compute_dates
loaded = time.perf_counter()
document = read_schedule(Path(sys.argv[1]))
read = time.perf_counter()
result = compute_dates(document)
done = time.perf_counter()
print(json.dumps({"load": loaded - begun, "read": read - loaded, "schedule": done - read,
                  "tasks": len(result.ids), "finish": result.project_finish,
                  "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
"""
PEER = """
import json, resource, sys, time
begun = time.perf_counter()
import jpype, mpxj
jpype.startJVM(jpype.getDefaultJVMPath(), "-Xmx2g", "-XX:+UseSerialGC")
loaded = time.perf_counter()
project = jpype.JClass("org.mpxj.reader.UniversalProjectReader")().read(sys.argv[1])
read = time.perf_counter()
start = project.getProjectProperties().getStartDate()
jpype.JClass("org.mpxj.cpm.MicrosoftScheduler")().schedule(project, start)
done = time.perf_counter()
finish = max(str(t.getEarlyFinish()) for t in project.getTasks())
print(json.dumps({"load": loaded - begun, "read": read - loaded, "schedule": done - read,
                  "tasks": int(project.getTasks().size()), "finish": finish,
                  "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
"""


def run(code: str, path: Path) -> dict[str, float]:
    """One process from start to end; `total` in seconds, `peak` in MB."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
    )
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    found["total"] = time.perf_counter() - begun
    found["peak"] /= 1024
    return found


def make(path: Path, tasks: int) -> None:
    """A plan of many tasks in chains, written by our own exporter."""
    from hongtu.adapters.schedule_files.mspdi_writer import write_mspdi
    from tests.adapters.schedule_files.plans import random_plan

    plan = random_plan(1, "ss ff lag cal", tasks)
    network = replace(plan.network, start=datetime(2026, 1, 5, 8))
    path.write_bytes(write_mspdi(replace(plan, network=network)).data)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    tasks = 50_000 if parser.parse_args().full else 5_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plan.xml")
        make(path, tasks)
        print(f"MSPDI with {tasks:,} tasks, {path.stat().st_size / 1e6:.1f} MB; made with a peak of "
              f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")  # fmt: skip
        run(OURS, path)  # compiles the engine once, as an installation has it
        ours, peer = run(OURS, path), run(PEER, path)
    names = {
        "total": "whole process",
        "load": "start",
        "read": "read",
        "schedule": "schedule",
        "peak": "peak MB",
    }
    print(f"{'':16}{'ours':>10}{'MPXJ':>10}{'MPXJ/ours':>12}")
    for name, words in names.items():
        print(f"{words:16}{ours[name]:10.2f}{peer[name]:10.2f}{peer[name] / ours[name]:12.1f}")


if __name__ == "__main__":
    main()
