"""Read a district's profile from a folder of plain files.

A profile folder holds `profile.yaml` (name, division_code, departments, published_years, data_date),
`subdistricts.csv`, `communities.csv`, `outline.geojson`; whatever it lacks comes from `standard/`
(calendar.csv, rules.yaml, chain_templates.csv, approvals.csv, manual.yaml).
"""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.profile.establish import Profile

FOLDER = Path(__file__).parent
STANDARD = FOLDER / "standard"


def _file(folder: Path, name: str) -> Path | None:
    for place in (folder / name, STANDARD / name):
        if place.exists():
            return place
    return None


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a CSV file of the profile, of the standard profile, or none."""
    path = _file(folder, name)
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rules(folder: Path) -> dict[str, Any]:
    """Rules by key: {title, basis, data}; large ones stand in files of their own."""
    file = _file(folder, "rules.yaml")
    texts: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8")) if file else {}
    if "projects.approvals" in texts:
        texts["projects.approvals"]["data"] = {
            "matters": rows(folder, "approvals.csv"),
            "check": rows(folder, "approvals_check.csv"),
        }
    if "matters.manual" in texts:
        manual = _file(folder, "manual.yaml")
        texts["matters.manual"]["data"] = (
            yaml.safe_load(manual.read_text(encoding="utf-8")) if manual else {"nodes": []}
        )
    return texts


def read(folder: Path) -> Profile:
    """The profile in a folder. InvalidInput names the file and key that is missing."""
    main = folder / "profile.yaml"
    if not main.exists():
        raise InvalidInput(f"{main}: no such file; a profile needs a profile.yaml", code="profile.no_file")
    data: dict[str, Any] = yaml.safe_load(main.read_text(encoding="utf-8")) or {}
    for key in ("name", "division_code"):
        if not data.get(key):
            raise InvalidInput(f"{main}: the key {key!r} is missing", code="profile.key_missing")
    outline = folder / "outline.geojson"
    return Profile(
        name=data["name"],
        division_code=str(data["division_code"]),
        outline=json.loads(outline.read_text(encoding="utf-8")) if outline.exists() else {},
        departments=[(str(c), str(n)) for c, n in data.get("departments", ())],
        subdistricts=[(r["code"], r["name"]) for r in rows(folder, "subdistricts.csv")],
        communities=[(r["code"], r["name"], r["subdistrict"]) for r in rows(folder, "communities.csv")],
        days=[(date.fromisoformat(r["date"]), r["kind"], r["name"]) for r in rows(folder, "calendar.csv")],
        published_years=data.get("published_years", ()),
        rules=rules(folder),
        data_date=data.get("data_date"),
        demonstration=bool(data.get("demonstration", False)),
    )
