"""The product's settings, in a home of the tests' own: never a server or a file of an installation.

pytest-django reads the settings, and so starts the embedded server, before any conftest is read.
"""

import os
from pathlib import Path

HOME = os.environ.get("HONGTU_TEST_HOME") or str(Path(__file__).parents[1] / ".hongtu" / "test")
os.environ["HONGTU_HOME"] = HOME
os.environ["DJANGO_SETTINGS_MODULE"] = "hongtu.site.settings"  # for the processes that tests start

from hongtu.site.settings import *  # noqa: E402, F403

Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # noqa: F405 - or every request warns of its absence
