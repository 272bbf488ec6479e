"""Import a workbook from the command line: the same plan, the same job, the same audit row as on the page."""

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person
from hongtu.ledger import actions
from hongtu.ledger.declaration import find, ledgers
from hongtu.ledger.imports.plan import Plan, make_plan
from hongtu.ledger.imports.report import missing_names
from hongtu.ledger.imports.run import found_by, run
from hongtu.ledger.models import ImportJob
from hongtu.ledger.sheets import Refusal, open_table
from hongtu.ledger.spec import language


def import_file(
    path: Path,
    slug: str,
    username: str,
    *,
    mode: str,
    dry_run: bool,
    step: Callable[[str], None],
    create_missing: bool = False,
) -> dict[str, Any]:
    """Check `path` against the ledger and, unless `dry_run`, write it as `username`.

    `create_missing` makes the companies and people first that the file names and nobody knows.
    Returns {"state", "counts", "faults", "missing"}. Raises InvalidInput for an unknown ledger or person
    and for a file that is refused whole.
    """
    ledger, person = find(slug), Person.objects.filter(username=username).first()
    if ledger is None:
        known = ", ".join(sorted(one.slug for one in ledgers()))
        raise InvalidInput(f"no ledger {slug!r}; there are: {known}", code="import.no_ledger")
    if person is None:
        raise InvalidInput(f"no account {username!r}", code="import.no_account")
    if not path.is_file():
        raise InvalidInput(f"{path}: no such file", code="import.no_file")
    content = path.read_bytes()
    step("reading")
    try:
        plan = make_plan(ledger, person, open_table(content), create_missing=create_missing)
    except Refusal as refusal:
        raise InvalidInput(f"{path.name}: {refusal.message(language())}", code=refusal.code) from refusal
    found = {
        "state": "checked",
        "counts": plan.counts,
        "faults": _faults(plan),
        "missing": missing_names(plan),
    }
    if dry_run:
        return found
    step("writing")
    job = _job(slug, person, path, content, plan)
    job = actions.queue_import(by=person, job=job, mode=mode, fingerprint=plan.fingerprint)
    found["state"] = run(job.pk)
    job.refresh_from_db()
    return found | {"counts": job.counts, "failure": job.failure}


def _job(slug: str, person: Person, path: Path, content: bytes, plan: Plan) -> ImportJob:
    stored = default_storage.save(f"imports/{secrets.token_hex(16)}", ContentFile(content))
    job = actions.start_import(
        by=person,
        ledger=slug,
        file=stored,
        file_name=path.name,
        digest=hashlib.sha256(content).hexdigest(),
        mapping=plan.parsed.mapping.as_data(),
    )
    actions.record_wish(job, create_missing=plan.drafts.create)
    actions.record_check(job, **found_by(plan))
    return job


def _faults(plan: Plan) -> list[dict[str, Any]]:
    return [
        {"row": f.row, "column": f.column, "code": f.code, "message": f.message(language())}
        for f in plan.faults[:200]
    ]
