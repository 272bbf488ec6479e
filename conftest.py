"""Test settings of the whole tree: Django on the embedded database, one database per worker."""

import os
import warnings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongtu.site.settings")
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
