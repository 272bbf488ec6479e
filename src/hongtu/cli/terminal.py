"""What commands share: words for refusals, progress on standard error, Django only when needed."""

import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from rich.console import Console

console = Console(stderr=True)


@contextmanager
def refuse_in_words() -> Iterator[None]:
    """Print `code: message` for a refusal that carries a stable code, and exit with 2."""
    try:
        yield
    except Exception as error:
        code = getattr(error, "code", None)
        if not isinstance(code, str) or "." not in code:
            raise
        console.print(f"[bold red]{code}[/]: {getattr(error, 'message', error)}", highlight=False)
        sys.exit(2)


def print_json(value: Any) -> None:
    """The one thing a command writes to standard output when asked for --json."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    """Decimals as numbers (whole ones without a point), everything else that JSON lacks as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def django() -> None:
    """Start Django (and with it the embedded database) once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongtu.site.settings")
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    import django as framework
    from django.apps import apps

    if not apps.ready:
        framework.setup()
