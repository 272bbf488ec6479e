"""Content digests, so that the same file twice changes nothing."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any


def canonical(value: Any) -> Any:
    """A JSON form in which equal values look equal: Decimal 1.50 and 1.5 are the same."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, Decimal):
        text = f"{value.normalize():f}"
        return {"n": "0" if text == "-0" else text}
    if isinstance(value, float):
        return canonical(Decimal(repr(value)))
    if isinstance(value, datetime.date | datetime.datetime | datetime.time):
        return {"d": value.isoformat()}
    if isinstance(value, list | tuple | set | frozenset):
        items = [canonical(item) for item in value]
        return sorted(items, key=str) if isinstance(value, set | frozenset) else items
    if isinstance(value, Mapping):
        return {str(key): canonical(item) for key, item in value.items()}
    identifier = getattr(value, "pk", None)
    if identifier is None:
        raise TypeError(f"no canonical form for {type(value).__name__}; give the object a `pk`")
    return {"o": [type(value).__name__, str(identifier)]}


def row_digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of a row's fields (order does not matter; a field that is None counts as absent)."""
    present = {key: canonical(value) for key, value in values.items() if value is not None}
    text = json.dumps(present, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def rows_digest(digests: Iterable[str]) -> str:
    """One digest for all rows of a file in their order: equal when the content is, in any format."""
    whole = hashlib.sha256()
    for digest in digests:
        whole.update(bytes.fromhex(digest))
    return whole.hexdigest()
