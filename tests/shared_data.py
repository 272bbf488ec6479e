"""Where tests find the real inputs that are not shipped with the product."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_root() -> Path:
    """The folder of shared inputs: HONGTU_SHARED, else `shared` beside the repository."""
    return Path(os.environ.get("HONGTU_SHARED", ROOT.parent / "shared"))


def shared(path: str) -> Path:
    """Path of one shared input; the test is skipped, with the reason, where it is absent."""
    found = shared_root() / path
    if not found.exists():
        pytest.skip(f"shared input {path} is not on this machine")
    return found
