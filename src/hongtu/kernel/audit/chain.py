"""Verify the audit chain, and sign and export its head so that it can be kept off this host.

The head is a small JSON document: {"sequence", "hash", "entries", "signed_at", "public_key",
"signature"}; signature = Ed25519 over the canonical JSON of the other fields. Kept elsewhere, it
shows later that nothing before it was changed and that the tail was not cut off.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.db import connection

from hongtu.kernel.audit.models import ConfidentialEntry, Entry, SealedRow
from hongtu.kernel.base.errors import HongtuError
from hongtu.kernel.base.models import model_label

_ROWS = """
    SELECT sequence, previous_hash, hash,
           previous_hash || '|' || sequence::text || '|' ||
           to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '|' ||
           actor_label || '|' || action || '|' || object_label || '|' || object_key || '|' ||
           reason || '|' || detail::text AS sealed
    FROM {table} ORDER BY sequence
"""


class BrokenChain(HongtuError):
    """The chain does not hold: which row, and what about it."""

    code = "audit.broken"


HOUSE: tuple[type[SealedRow], ...] = (Entry, ConfidentialEntry)
"""The chains of the house; those of closed rooms are verified in their rooms."""


@dataclass(frozen=True)
class Head:
    """The last sealed row: sequence 0 and an empty hash when nothing has happened yet."""

    sequence: int
    hash: str


def head(chain: type[SealedRow] = Entry) -> Head:
    row = chain._default_manager.order_by("-sequence").values_list("sequence", "hash").first()
    return Head(*row) if row else Head(0, "")


def verify(exported: dict[str, Any] | None = None, *, chain: type[SealedRow] = Entry) -> Head:
    """Recompute every hash; compare with an exported head when one is given.

    Returns the present head. Raises BrokenChain naming the first row that does not hold: a gap,
    a changed row, a re-linked row, a row of the exported head that is gone or different.
    """
    previous, sequence = "", 0
    at_export: str | None = None
    with (
        connection.connection.cursor(name="audit_verify") if _server_side() else connection.cursor() as cursor
    ):
        cursor.execute(_ROWS.format(table=connection.ops.quote_name(chain._meta.db_table)))
        for number, linked, sealed_hash, text in cursor:
            if number != sequence + 1:
                raise BrokenChain(f"audit row {sequence + 1} is missing", sequence=sequence + 1)
            if linked != previous:
                raise BrokenChain(f"audit row {number} is not linked to the row before it", sequence=number)
            if hashlib.sha256(text.encode()).hexdigest() != sealed_hash:
                raise BrokenChain(f"audit row {number} was changed after it was sealed", sequence=number)
            previous, sequence = sealed_hash, number
            if exported and number == exported["sequence"]:
                at_export = sealed_hash
    if exported:
        _compare(exported, at_export, sequence, chain)
    return Head(sequence, previous)


def verify_house(exported: dict[str, Any] | None = None) -> Head:
    """Verify both chains of the house, the one that `exported` names against it. The head of the ordinary
    chain: what the other one holds is not said, not even how much."""
    of = (exported or {}).get("chain", model_label(Entry))
    if of not in {model_label(chain) for chain in HOUSE}:
        raise BrokenChain(f"the exported head is of another chain: {of}")
    heads = [verify(exported if of == model_label(chain) else None, chain=chain) for chain in HOUSE]
    return heads[0]


def _server_side() -> bool:
    """A named cursor streams a long chain, but only lives inside a transaction."""
    return connection.in_atomic_block and connection.connection is not None


def _compare(exported: dict[str, Any], found: str | None, last: int, chain: type[SealedRow]) -> None:
    check_signature(exported)
    if exported.get("chain", model_label(Entry)) != model_label(chain):
        raise BrokenChain(f"the exported head is of another chain: {exported.get('chain', 'the house')}")
    if exported["sequence"] == 0:
        return
    if found is None:
        raise BrokenChain(
            f"the exported head is row {exported['sequence']}, but the chain ends at row {last}: "
            "the tail was cut off",
            sequence=exported["sequence"],
        )
    if found != exported["hash"]:
        raise BrokenChain(
            f"row {exported['sequence']} has another hash than the exported head: rows were rewritten",
            sequence=exported["sequence"],
        )


def _key(path: Path) -> Ed25519PrivateKey:
    """The installation's signing key, made at first use, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = Ed25519PrivateKey.generate()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(fresh.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def _canonical(document: dict[str, Any]) -> bytes:
    body = {k: v for k, v in document.items() if k != "signature"}
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def export_head(key_path: Path, *, chain: type[SealedRow] = Entry) -> dict[str, Any]:
    """The verified head, signed with the key at `key_path` (made when absent); a room's names its chain."""
    present = verify(chain=chain)
    key = _key(key_path)
    document: dict[str, Any] = {
        "sequence": present.sequence,
        "hash": present.hash,
        "signed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "public_key": base64.b64encode(
            key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        ).decode(),
    }
    if chain is not Entry:
        document["chain"] = model_label(chain)
    document["signature"] = base64.b64encode(key.sign(_canonical(document))).decode()
    return document


def check_signature(document: dict[str, Any]) -> None:
    """Raise BrokenChain when the exported head itself was tampered with."""
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(document["public_key"]))
    try:
        public.verify(base64.b64decode(document["signature"]), _canonical(document))
    except InvalidSignature as error:
        raise BrokenChain("the exported head's signature does not fit its content") from error
