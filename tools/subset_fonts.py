"""Cut the Chinese font that travels with the product out of the full Noto Sans CJK SC.

A PDF must look the same on a machine without any Chinese font, and the full family is 100 MB.
The subset keeps every character of GB 2312 (6,763 ideographs and its symbols), some two hundred
ideographs frequent in personal and place names that GB 2312 lacks, Latin, digits and punctuation.
A rarer character comes from whatever font the machine has.

Run it only to renew the font:

    python tools/subset_fonts.py /usr/share/fonts/opentype/noto

The source is Debian's ``fonts-noto-cjk`` (SIL Open Font Licence 1.1, licence text beside the result).
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

TARGET = Path(__file__).resolve().parents[1] / "src/hongtu/ui/static/ui/fonts"
FAMILY = "Hongtu Sans SC"
# Characters of names that officials meet and GB 2312 lacks (surnames, given names, places, units).
BEYOND_GB2312 = (
    "镕喆堃昇淼犇珺玥玘琇珣琎璟珅祎禤芃荟菀菡萱蘅赟逄闫顗骉髙鹮翀翯翃晞晟昱旻昉暐曌焜煊熠燚煜垚堉埕埗"
    "塱墈峣嵊崟嵘岽屺帼彧怡懋懿斓旸昕杲柘栐桢梓楠榕槿樘橦毓沄沚泓洺浠涵淏淇渼湉滢漪潼澍瀛瀚炘烨珂珈琅"
    "琊瑄瑀瑭璇璐璞瓅畇皓皞睿祺祾禛竑筠箬粲綦缦羿芮苡茜茉荔莘莞菁菲葳蒽蓁蔚薇蕙藜蘖衎袆裎訚詝谌贇跶轲"
    "辀辂迕逯郗郜酆釒钇钊钌钐钜钰铄铎锜锴镔镛闾阚陟隗靓韡顼颀颢飏馥駪騫骁骅鲲鹂麒黉齊"
)


def characters() -> set[int]:
    """Code points to keep."""
    kept: set[int] = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100)) | set(range(0x2000, 0x2070))
    kept |= set(range(0x3000, 0x3040)) | set(range(0xFF00, 0xFFF0)) | set(range(0x2460, 0x2474))
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                kept |= {ord(c) for c in bytes((high, low)).decode("gb2312")}
            except UnicodeDecodeError:
                continue
    kept |= {ord(c) for c in BEYOND_GB2312}
    kept |= {ord(c) for c in "●▲■✓○◪◆◇△▽☐☑→←↑↓↔⇒≤≥≠±×÷²³㎡㎥℃‰№"}
    return kept


def cut(source: Path, weight: str) -> Path:
    """Write ``HongtuSansSC-<weight>.woff2`` from the Simplified Chinese face of the collection."""
    collection = TTCollection(source, lazy=True)
    face: TTFont = next(f for f in collection.fonts if f["name"].getDebugName(1) == "Noto Sans CJK SC")
    options = subset.Options(
        flavor="woff2", layout_features=["kern", "locl", "vert", "palt"], name_IDs=["*"], hinting=False
    )
    options.desubroutinize = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(face)
    for name_id, text in (
        (1, FAMILY),
        (4, f"{FAMILY} {weight}"),
        (6, f"HongtuSansSC-{weight}"),
        (16, FAMILY),
    ):
        for record in list(face["name"].names):
            if record.nameID == name_id:
                face["name"].setName(text, name_id, record.platformID, record.platEncID, record.langID)
    target = TARGET / f"HongtuSansSC-{weight}.woff2"
    subset.save_font(face, str(target), options)
    return target


def main() -> int:
    """Cut both weights and print their sizes."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/opentype/noto")
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight in ("Regular", "Bold"):
        target = cut(folder / f"NotoSansCJK-{weight}.ttc", weight)
        print(
            f"{target.name}: {target.stat().st_size / 1e6:.2f} MB, {len(characters())} characters asked for"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
