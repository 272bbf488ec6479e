"""The demonstration district in a throw-away embedded database, for benches of pages and of the database."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def demonstration_district() -> Iterator[None]:
    """Set Django up on a new server, load the district, and take the server away afterwards."""
    with tempfile.TemporaryDirectory(prefix="hongtu-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ["HONGTU_HOME"] = folder
        os.environ.pop("DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "hongtu.site.settings"
        os.environ["HONGTU_ALLOWED_HOSTS"] = "testserver"
        import django

        django.setup()
        from django.db import connections

        from hongtu.site import demonstration, serving
        from hongtu.site.database import stop_embedded

        serving.prepare()
        demonstration.load()
        try:
            yield
        finally:
            connections.close_all()
            stop_embedded()
