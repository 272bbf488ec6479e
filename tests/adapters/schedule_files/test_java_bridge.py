"""The Java worker: its own process, bounded, and a clear word when something is missing."""

import os
import sys
from pathlib import Path

import pytest

from hongtu.adapters.schedule_files import Limits, ScheduleFileError, java_bridge, parse_schedule
from tests.adapters.schedule_files.test_oracle import needs_java
from tests.shared_data import shared

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(name: str, data: bytes, limits: Limits | None = None) -> ScheduleFileError:
    with pytest.raises(ScheduleFileError) as refusal:
        parse_schedule(name, data, limits=limits)
    return refusal.value


@needs_java
def test_a_damaged_binary_is_refused_in_words() -> None:
    error = refused("plan.mpp", OLE + bytes(4096))
    assert error.code == "schedule-file.conversion-failed"
    assert "plan.mpp" in error.message


def test_a_conversion_that_takes_too_long_is_stopped() -> None:
    error = refused("plan.mpp", OLE + bytes(512), Limits(worker_seconds=0.05))
    assert error.code == "schedule-file.conversion-timeout"


@needs_java
def test_a_conversion_that_needs_too_much_memory_is_stopped() -> None:
    data = shared("data/schedules/task-baselines-project2019-mpp14.mpp").read_bytes()
    error = refused("plan.mpp", data, Limits(worker_megabytes=4))
    assert error.code in {"schedule-file.conversion-memory", "schedule-file.java-missing"}


def test_without_the_extra_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A bare interpreter stands for an installation without the extra.
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nshift\nexec "{sys.executable}" -I -S "$@"\n')
    bare.chmod(0o755)
    monkeypatch.setattr(java_bridge.sys, "executable", str(bare))
    error = refused("plan.mpp", OLE + bytes(512))
    assert error.code == "schedule-file.extra-missing"
    assert "hongtu[schedules]" in error.message


@needs_java
def test_without_java_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + str(Path(sys.executable).parent))
    broken = tmp_path / "lib" / "server" / "libjvm.so"
    broken.parent.mkdir(parents=True)
    broken.write_text("not a library")
    error = refused("plan.mpp", OLE + bytes(512))
    assert error.code == "schedule-file.java-missing"
    assert "openjdk" in error.text("zh")


@needs_java
def test_the_web_process_never_holds_a_java_machine() -> None:
    parse_schedule("p.mpp", shared("data/schedules/task-links-project2010-mpp9.mpp").read_bytes())
    assert "jpype" not in sys.modules
