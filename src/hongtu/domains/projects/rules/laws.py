"""Which approval matters a chain step stands for, so that its duration leads to a law."""

from collections.abc import Iterable, Mapping

# Words in the name of a step and the matter they mean (codes of approvals.csv of the standard profile).
_WORDS: tuple[tuple[str, str], ...] = (
    ("可研", "P07"),
    ("用地预审", "P04"),
    ("划拨", "P12"),
    ("摘地", "P14"),
    ("备案与摘地", "P09"),
    ("用规证", "P15"),
    ("用地规划许可", "P15"),
    ("不动产证", "P16"),
    ("环评", "P19"),
    ("节能", "P05"),
    ("水保", "P20"),
    ("初步设计", "P34"),
    ("工程规划许可", "P37"),
    ("工规证", "P37"),
    ("施工招标", "P45"),
    ("施工许可", "P48"),
    ("五方验收", "P61"),
    ("消防验收", "P63"),
    ("联合验收", "P69"),
    ("竣工验收备案", "P70"),
    ("竣工备案", "P70"),
    ("正式供水", "P71"),
    ("供水供电", "P71"),
    ("排水接入", "P72"),
    ("管养", "P75"),
    ("移交", "P75"),
)


def matters_of(step: str, matters: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The district's approval matters a step's name means, in the order of the list; [] for works."""
    wanted = {code for words, code in _WORDS if words in step}
    return [row for row in matters if row["code"] in wanted or row["name"] == step]
