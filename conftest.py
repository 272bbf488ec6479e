"""Test settings of the whole tree; the home and the database of the tests are named in tests/settings.py."""

import warnings

warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
