"""Test settings of the whole tree: Django on the embedded database, one database per worker."""

import os
import warnings
from pathlib import Path

# Before Django starts: tests have a home of their own, so that they never touch an installation's data.
os.environ.setdefault("HONGTU_HOME", str(Path(__file__).parent / ".hongtu" / "test"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongtu.site.settings")
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
