"""Workbooks: reading and checking 5,000 x 40 against django-import-export's reader; refusals; memory; export.

    python bench/sheets.py [--full]

Every measurement runs in its own process, so that peak memory belongs to it alone. The peer is what
django-import-export does with an .xlsx before it looks at a single row: `tablib.Dataset().load` through its
XLSX format class. Ours reads, finds the header, converts 200,000 cells to typed values and checks them.
"""

from __future__ import annotations

import datetime
import io
import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

CHILD = """
import json, resource, sys, time
sys.path.insert(0, {src!r}); sys.path.insert(0, {bench!r})
import sheets
prepare = getattr(sheets, "before_" + {name!r}, None)
state = prepare({path!r}) if prepare else None
import psutil
start = psutil.Process().memory_info().rss
begin = time.perf_counter()
note = getattr(sheets, "run_" + {name!r})({path!r}, state)
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, peak, start / 2**20, note]))
"""


def spec(columns: int = 40):
    """40 columns of the kinds a ledger has."""
    from hongtu.ledger.sheets import Choice, SheetColumn, SheetSpec

    choices = tuple(Choice(f"k{i}", f"类别{i}") for i in range(8))
    made = [SheetColumn(key="name", zh="项目名称", required=True, max_length=100)]
    for index in range(1, columns):
        kind = ("money", "date", "text", "choice", "decimal", "boolean", "month", "percent")[index % 8]
        made.append(
            SheetColumn(
                key=f"c{index}", zh=f"第{index}列", kind=kind, choices=choices if kind == "choice" else (),
            )
        )  # fmt: skip
    return SheetSpec(name="bench", zh="台账", columns=tuple(made), keys=(("name",),))


def records(rows: int, columns: int = 40):
    chance = random.Random(2025)
    start = datetime.date(2024, 1, 1)
    for number in range(rows):
        row: dict = {"name": f"示例项目{number:05}号道路及配套工程"}
        for column in spec(columns).columns[1:] if number == 0 else _columns:
            row[column.key] = {
                "money": lambda: Decimal(chance.randrange(10**9)) / 100,
                "date": lambda: start + datetime.timedelta(days=chance.randrange(900)),
                "text": lambda: f"正在实施第{chance.randrange(400)}项内容，详见附件",
                "choice": lambda: f"k{chance.randrange(8)}",
                "decimal": lambda: Decimal(chance.randrange(10**6)) / 100,
                "boolean": lambda: chance.random() < 0.5,
                "month": lambda: datetime.date(2025, chance.randrange(12) + 1, 1),
                "percent": lambda: Decimal(chance.randrange(10_000)) / 100,
            }[column.kind]()
        yield row


_columns = spec().columns[1:]


def before_peer(path: str):
    """Importing Django is not part of the reading."""
    import django
    from django.conf import settings

    settings.configure(USE_TZ=False)
    django.setup()
    from import_export.formats.base_formats import XLSX

    return XLSX()


def run_peer(path: str, state) -> str:
    dataset = state.create_dataset(Path(path).read_bytes())
    return f"{len(dataset)} rows of raw cells"


def before_ours(path: str):
    import hongtu.ledger.sheets

    return hongtu.ledger.sheets


def run_ours(path: str, state) -> str:
    parsed = state.parse_workbook(state.open_table(path), spec())
    assert not parsed.faults, parsed.faults[:3]
    return f"{len(parsed.rows)} typed and checked rows"


before_open = before_ours
before_refuse = before_ours
before_mark = before_ours
before_export = before_ours


def run_open(path: str, state) -> str:
    return f"{len(state.open_table(path).sheets[0].rows)} rows of raw cells"


def run_refuse(path: str, state) -> str:
    try:
        state.open_table(path)
    except state.Refusal as refusal:
        return refusal.code
    return "NOT REFUSED"


def run_mark(path: str, state) -> str:
    data = Path(path).read_bytes()
    faults = [
        state.Fault("台账", row, "C", "c2", "value.not_date", {"value": "x"}, "x") for row in range(5, 505)
    ]
    state.mark_faults(data, faults, io.BytesIO())
    return "500 faults marked"


def run_export(path: str, state) -> str:
    rows = int(path)
    state.write_xlsx(io.BytesIO(), spec(), records(rows), state.View(count=rows))
    return f"{rows} rows"


def plain_workbook(path: Path, rows: int) -> None:
    """Header in the first row, as the peer needs it."""
    from openpyxl import Workbook

    from hongtu.ledger.sheets.cells import display_value

    columns = spec().columns
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("台账")
    sheet.append([f"{c.zh}（%）" if c.kind == "percent" else c.zh for c in columns])
    for row in records(rows):
        sheet.append([display_value(column, row[column.key]) for column in columns])
    workbook.save(path)


def measure(name: str, path: str, times: int = 1) -> tuple[float, float, float, str]:
    best: list = []
    code = CHILD.format(src=str(ROOT / "src"), bench=str(ROOT / "bench"), name=name, path=str(path))
    for _ in range(times):
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
        result = json.loads(done.stdout.splitlines()[-1])
        best = result if not best or result[0] < best[0] else best
    return tuple(best)


def bombs(folder: Path) -> dict[str, Path]:
    """Harmful or foreign files, each as bad as its kind gets."""
    from openpyxl import Workbook

    stream = io.BytesIO()
    Workbook().save(stream)
    good = stream.getvalue()

    def with_part(name: str, pieces: int, piece: bytes, replace: bool = False) -> bytes:
        result = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(good)) as old,
            zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
        ):
            for entry in old.namelist():
                if not (replace and entry == name):
                    new.writestr(entry, old.read(entry))
            with new.open(name, "w", force_zip64=True) as part:
                if replace:
                    part.write(
                        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
                    )
                for _ in range(pieces):
                    part.write(piece)
        return result.getvalue()

    row = b"<row>" + b'<c t="inlineStr"><is><t>' + b"x" * 40 + b"</t></is></c>" * 200 + b"</row>"
    noise = random.Random(1).randbytes(6_000)
    dense = b"".join(b"<row><c r='A1'><v>%d</v></c></row>" % value for value in noise)
    text = b"<t>" + b"".join(b"%d " % value for value in noise) + b"</t>"
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]>'
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(65_000):
            archive.writestr(f"xl/{number}", b"")
    files = {
        "zip bomb 300 MB in one part": with_part("xl/media/a.bin", 300, bytes(2**20)),
        "zip bomb 120 MB sheet": with_part("xl/worksheets/sheet1.xml", 120 * 2**20 // len(row), row, True),
        "dense sheet 120 MB": with_part("xl/worksheets/sheet1.xml", 120 * 2**20 // len(dense), dense, True),
        "shared text 120 MB": with_part(
            "xl/sharedStrings.xml", 120 * 2**20 // len(text), b"<si>" + text + b"</si>", True
        ),
        "65,000 entries": many.getvalue(),
        "entity bomb": with_part("xl/worksheets/sheet1.xml", 1, laughs, True),
        "macro": with_part("xl/vbaProject.bin", 1, b"x"),
        "encrypted": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(600)
        + "EncryptedPackage".encode("utf-16-le"),
    }
    paths = {}
    for number, (name, data) in enumerate(files.items()):
        paths[name] = folder / f"bomb{number}.xlsx"
        paths[name].write_bytes(data)
    return paths


def main() -> None:
    full = "--full" in sys.argv
    times = 3 if full else 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "ledger.xlsx"
        plain_workbook(path, 5_000)
        size = path.stat().st_size / 2**20
        print(f"5,000 rows x 40 columns, {size:.1f} MB, best of {times}, each in its own process")
        peer = measure("peer", str(path), times)
        for label, key in (("hongtu read", "open"), ("hongtu read + parse + check", "ours")):
            ours = measure(key, str(path), times)
            print(
                f"  {label:<30} {ours[0]:6.2f} s  peak {ours[1]:5.0f} MB   {ours[3]}"
                f"   {peer[0] / ours[0]:.2f} x as fast as the peer"
            )
        print(f"  {'django-import-export read':<30} {peer[0]:6.2f} s  peak {peer[1]:5.0f} MB   {peer[3]}")
        seconds, peak, _, note = measure("mark", str(path))
        print(f"  {'mark faults in the original':<30} {seconds:6.2f} s  peak {peak:5.0f} MB   {note}")
        rows = 24_100 if full else 5_000
        seconds, peak, _, note = measure("export", str(rows))
        print(f"  {'export':<30} {seconds:6.2f} s  peak {peak:5.0f} MB   {note}")
        print("Refusals (limit 2 s, 300 MB)")
        begin = time.perf_counter()
        for label, bomb in bombs(folder).items():
            seconds, peak, _, note = measure("refuse", str(bomb))
            verdict = "ok" if seconds < 2 and peak < 300 and note.startswith("file.") else "OVER THE LIMIT"
            print(f"  {label:<30} {seconds:6.2f} s  peak {peak:5.0f} MB   {note:<24} {verdict}")
        print(f"  (bombs built and tried in {time.perf_counter() - begin:.0f} s)")


if __name__ == "__main__":
    main()
