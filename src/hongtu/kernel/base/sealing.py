"""Sealed texts: encrypted at rest under a key that forgets.

A closed room seals its free texts with `Ratchet.seal(month, ...)`, `month` being the one in which the text
must be gone. The file holds one key and the month it belongs to. Keys of later months are derived from it
(HKDF-SHA256, RFC 5869), keys of earlier ones cannot be; `advance` replaces the key by a later month's, and
what was sealed for the months before can be read by nobody again, out of an old backup neither. The file has
the same size and changes at the same times whether anything was sealed or not.

Encryption is Fernet (AES-128-CBC and HMAC-SHA256) of the `cryptography` package. The record's own key is
sealed with the text, so that a text moved to another row is refused.
"""

import base64
import json
import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hongtu.kernel.base.errors import HongtuError

EPOCH = 2020 * 12
"""Every file begins here, so that its first month says nothing about its first text."""


class Unreadable(HongtuError):
    """The text cannot be opened: its key was destroyed on purpose, is lost, or the text was tampered with."""

    code = "sealing.unreadable"


def month_of(day: date) -> int:
    """Months since year 0."""
    return day.year * 12 + day.month - 1


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"hongtu closed room " + purpose).derive(key)


class Ratchet:
    """The key file at `path`, made at first use and readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base: tuple[int, bytes] = (0, b"")
        self._known: dict[int, bytes] = {}

    def seal(self, until: date, record: str, contents: dict[str, Any]) -> str:
        """The contents of a record as text that is readable until the end of that month."""
        month = month_of(until)
        plain = json.dumps({"record": record, "contents": contents}, ensure_ascii=False).encode()
        return f"{month}.{self._cipher(month).encrypt(plain).decode()}"

    def open(self, record: str, sealed: str) -> dict[str, Any]:
        """What was sealed for this record. Raises Unreadable."""
        month, _, token = sealed.partition(".")
        try:
            found = json.loads(self._cipher(int(month)).decrypt(token.encode()))
        except (InvalidToken, ValueError) as error:
            raise Unreadable("sealed text cannot be opened with this key", record=record) from error
        if found["record"] != record:
            raise Unreadable("sealed text belongs to another record", record=record)
        return dict(found["contents"])

    def advance(self, today: date) -> int:
        """Destroy the keys of all months before this one; how many. Doing it again does nothing more."""
        month, key = self._read()
        target = month_of(today)
        if target <= month:
            return 0
        for _step in range(target - month):
            key = _derive(key, b"next")
        with self.path.open("r+b") as old:
            self._write(target, key)
            old.write(b"\0" * self.path.stat().st_size)  # the replaced file, still open here
            old.flush()
            os.fsync(old.fileno())
        self._known.clear()
        return target - month

    def _cipher(self, month: int) -> Fernet:
        base = self._read()
        if base != self._base:
            self._base, self._known = base, {}
        if month not in self._known:
            start, key = base
            if month < start:
                raise Unreadable("the key of this month was destroyed when its time was over")
            for _step in range(month - start):
                key = _derive(key, b"next")
            self._known[month] = base64.urlsafe_b64encode(_derive(key, b"seal"))
        return Fernet(self._known[month])

    def _read(self) -> tuple[int, bytes]:
        if not self.path.exists():
            self._write(EPOCH, secrets.token_bytes(32), first=True)
        found = json.loads(self.path.read_text())
        return int(found["month"]), base64.b64decode(found["key"])

    def _write(self, month: int, key: bytes, *, first: bool = False) -> None:
        """The file appears whole or not at all; of two that make it first, one wins."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"month": month, "key": base64.b64encode(key).decode()}, file)
            file.flush()
            os.fsync(file.fileno())
        if not first:
            fresh.replace(self.path)
            return
        try:
            os.link(fresh, self.path)
        except FileExistsError:
            pass  # another process was first: its key is the one
        finally:
            fresh.unlink()
