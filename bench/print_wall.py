"""The A0 wall chart, 120 chains of ten steps: our PDF through WeasyPrint beside the same through Typst.

    python bench/print_wall.py            # needs the `typst` wheel for the second figure

Both draw the same rows (the same SVG files) in the same two-column table. The aim is ten seconds.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.ui.settings")
INSTALLED_FONT = "Noto Sans CJK SC"  # Typst reads no woff2, so it gets the machine's font


def typst_source(folder: Path) -> str:
    """The same sheet in Typst; writes the row drawings beside it."""
    from hongtu.ui import gallery_visuals
    from hongtu.ui.chain_svg import axis_svg, row_svg
    from hongtu.ui.print import page_area
    from hongtu.ui.print_chains import lane_height

    chart = gallery_visuals.chain_chart(120, 10)
    width = page_area("a0-landscape")[0] * 0.64 / 2
    lane = lane_height(chart, "a0-landscape")

    def keep(name: str, drawing: str) -> None:
        (folder / name).write_text(drawing.replace("Hongtu Sans SC", INSTALLED_FONT))

    keep("axis.svg", axis_svg(chart.scale, width, font=16))
    halves = []
    for part in (chart.chains[:60], chart.chains[60:]):
        cells = ['table.header([序号],[名称],[单位],[年度计划],[状态],image("axis.svg"))']
        for chain in part:
            keep(f"{chain.key}.svg", row_svg(chain, chart.scale, width, lane, lane * 0.58))
            texts = [str(int(chain.key) + 1), chain.label, *chain.cells, str(chain.status)]
            cells.append(",".join(f"[{text}]" for text in texts) + f',image("{chain.key}.svg")')
        halves.append(f"table(columns:(auto,)*6, inset:3pt, stroke:0.5pt, {','.join(cells)})")
    return (
        "#set page(width:1189mm, height:841mm, margin:22mm, "
        "footer:context[#h(1fr) 第 #counter(page).display() 页])\n"
        f'#set text(font:"{INSTALLED_FONT}", lang:"zh", size:15pt)\n'
        '#align(center, text(56pt, weight:"bold")[示例年度链条图])\n'
        f"#grid(columns:(1fr,1fr), gutter:1.2%, {', '.join(halves)})\n"
    )


def ours() -> tuple[float, int]:
    """Seconds and bytes of our sheet, the font loaded for the first time included."""
    from hongtu.ui import gallery_visuals
    from hongtu.ui.print_chains import print_chains

    chart = gallery_visuals.chain_chart(120, 10)
    begun = time.perf_counter()
    made = print_chains(chart, chart.label, page="a0-landscape", data_date=dt.date(2025, 4, 25))
    return time.perf_counter() - begun, len(made)


def peer() -> tuple[float, int] | None:
    """Seconds and bytes of Typst's sheet, or ``None`` without the wheel."""
    try:
        import typst
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        (folder / "wall.typ").write_text(typst_source(folder))
        made = typst.compile(str(folder / "wall.typ"))
        return time.perf_counter() - begun, len(made)


def main() -> int:
    """Print both figures and their ratio."""
    import django

    django.setup()
    seconds, size = ours()
    print(f"A0, 120 chains x 10 steps, WeasyPrint: {seconds:.1f} s, {size / 1e3:.0f} kB (aim: under 10 s)")
    other = peer()
    if other is None:
        print("Typst: the wheel is not installed (pip install typst), no comparison made")
    else:
        print(
            f"Typst: {other[0]:.1f} s, {other[1] / 1e3:.0f} kB; WeasyPrint / Typst = {seconds / other[0]:.1f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
