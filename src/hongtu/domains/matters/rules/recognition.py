"""Finds the elements of a guide in a document: labels beside or above their contents, in tables or text.

Office guides come as a table with labels on the left, as headed paragraphs (一、办理条件 ...), or as a list
with a guide a row. What is found is told with its place, so that whoever imports can correct it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from hongtu.domains.matters.rules.elements import BY_KEY, ELEMENTS, Element

SKIP = "-"
"""Correction that leaves a piece out."""
ORDINAL = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十百]+\s*[、.．:：)）章节条]|[（(][一二三四五六七八九十百\d]+[)）]"
    r"|\d{1,2}(?:\s*[、．)）]|\.(?!\d))|[①-⑳])\s*"
)
HEAD = re.compile(r"^\s*(?:第?[一二三四五六七八九十百]+\s*[、.．章节]|[（(][一二三四五六七八九十]+[)）])\s*")
INLINE = re.compile(r"^(.{2,18}?)\s*[：:]\s*(.*)$", re.DOTALL)
BRACKETS = re.compile(r"[【】\[\]〔〕*☆★●■◆\s]")
SUFFIX = re.compile(r"[（(][^（）()]{1,12}[)）]$")
TITLE = re.compile(r"^(.{2,60}?)\s*(?:办事指南|服务指南|办理指南|指南)$")
MOST_LABEL = 18
# Columns of a table of rows: what a head says -> the element (or part of one) that stands below it.
COLUMNS = {
    "序号": "", "编号": "", "材料名称": "material_name", "申请材料": "material_name", "申报材料": "material_name",
    "步骤": "step.name", "环节": "step.name", "办理环节": "step.name", "岗位": "step.who", "责任人": "step.who",
    "责任岗位": "step.who", "办理人": "step.who", "步骤时限": "step.days", "办理时限": "step.days", "时限": "step.days",
    "内容": "step.text", "工作内容": "step.text", "办理内容": "step.text", "审查标准": "step.text", "做什么": "step.text",
    "收费项目": "fee.name", "收费标准": "fee.standard", "收费依据": "fee.basis", "可否减免": "fee.waiver",
    "是否减免": "fee.waiver", "问": "question.question", "问题": "question.question", "答": "question.answer",
    "解答": "question.answer", "说明": "note", "备注": "note", "材料说明": "note", "免提交": "held", "是否免提交": "held",
}  # fmt: skip
GRIDS = {
    "material_name": "material_name",
    "step.name": "handle_flow",
    "fee.name": "fee_items",
    "question.question": "questions",
}
TABLES = frozenset(GRIDS.values())


class Block(Protocol):
    """What a reader gives: a paragraph (table 0) or a row of a table."""

    @property
    def cells(self) -> tuple[str, ...]: ...
    @property
    def number(self) -> int: ...
    @property
    def page(self) -> int: ...
    @property
    def table(self) -> int: ...
    @property
    def sheet(self) -> str: ...
    @property
    def heading(self) -> bool: ...


@dataclass
class Piece:
    """A label with its content as the document has them. `element` is empty while the label is unknown.
    `grid` holds the rows of a table, `heads` what its columns are."""

    label: str
    element: str
    text: str
    page: int = 0
    table: int = 0
    number: int = 0
    sheet: str = ""
    heads: tuple[str, ...] = ()
    grid: list[tuple[str, ...]] = field(default_factory=list)
    guide: int = 0

    def say(self, text: str) -> None:
        """Content that goes on."""
        if text.strip():
            self.text = f"{self.text}\n{text.strip()}".strip()


def bare(label: str) -> str:
    """A label without numbering, brackets, blanks and colon: what labels are compared by."""
    text = BRACKETS.sub("", ORDINAL.sub("", unicodedata.normalize("NFKC", label)))
    return text.strip(":：、.。-—")


def _words() -> dict[str, str]:
    return {bare(word): e.key for e in ELEMENTS for word in (e.label, *e.words)}


WORDS = _words()


def element_of(label: str) -> str:
    """The element a label names; empty when none does. `法定时限（工作日）` names 法定时限."""
    name = bare(label)
    if len(name) > MOST_LABEL + 8:
        return ""
    return WORDS.get(name) or WORDS.get(bare(SUFFIX.sub("", name)), "")


def column_of(head: str) -> str | None:
    """What a column of a table of rows holds; None when its head says nothing we know."""
    name = bare(SUFFIX.sub("", bare(head)))
    if name in COLUMNS:
        return COLUMNS[name]
    return WORDS.get(name)


class Reader:
    """Goes through the blocks of a document and collects pieces."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.open: Piece | None = None
        self.grid: Piece | None = None
        self.list_heads: tuple[str, ...] = ()
        self.guide = 0
        self.sheet = ""
        self.table = 0

    def read(self, blocks: Iterable[Block]) -> list[Piece]:
        for block in blocks:
            if block.sheet != self.sheet:
                self.sheet, self.open = block.sheet, None
                self.guide += bool(self.pieces)
            if block.table != self.table or block.sheet != self.sheet:
                self.table, self.list_heads = block.table, ()
                if not block.table:
                    self.grid = None
            if block.table:
                self._row(block)
            else:
                self._paragraph(block, block.cells[0], heading=block.heading)
        return [p for p in self.pieces if p.text or p.grid or p.element or p.label]

    def _begin(self, block: Block, label: str, element: str, text: str = "") -> Piece:
        if element == "task_name":
            named = [p.text for p in self.pieces if p.element == "task_name" and p.guide == self.guide]
            # A title and a label may both say the name; another name begins another guide.
            self.guide += bool(named) and text.strip() not in named
        piece = Piece(
            label.strip()[:60],
            element,
            text.strip(),
            block.page,
            block.table,
            block.number,
            block.sheet,
            guide=self.guide,
        )
        self.pieces.append(piece)
        self.open, self.grid = piece, None
        return piece

    def _paragraph(self, block: Block, text: str, *, heading: bool = False) -> None:
        name = bare(text)
        if key := element_of(text):
            self._begin(block, text, key)
            return
        inline = INLINE.match(ORDINAL.sub("", text))
        if inline and (key := element_of(inline[1])):
            self._begin(block, inline[1], key, inline[2])
            return
        title = TITLE.match(ORDINAL.sub("", text.strip()))
        if title and (heading or not any(p.guide == self.guide for p in self.pieces)):
            self._begin(block, text, "task_name", title[1].strip("《》“” "))
            self.open = None
            return
        if len(name) <= MOST_LABEL and (heading or HEAD.match(text)) and not re.search(r"[。；;，,]", name):
            self._begin(block, text, "")
        elif self.open is not None:
            self.open.say(text)
        elif not self.pieces or self.pieces[-1].label:
            self._begin(block, "", "", text)
            self.open = None
        else:
            self.pieces[-1].say(text)

    def _row(self, block: Block) -> None:
        cells = block.cells
        if self._in_list(block) or self._head(block):
            return
        if self.grid is not None and self.grid.table == block.table and self._in_grid(cells):
            return
        filled = [c for c in cells if c]
        if not filled:
            return
        if len(filled) == 1 and (len(cells) == 1 or not cells[0]):
            if not cells[0] and self.open is not None:
                self.open.say(filled[0])
            else:
                self._paragraph(block, filled[0])
            return
        self._labelled(block, cells)

    def _labelled(self, block: Block, cells: Sequence[str]) -> None:
        """A row of labels and contents: one pair, two pairs, or a pair behind the name of its group."""
        if len(cells) > 2 and not element_of(cells[0]) and element_of(cells[1]):
            cells = cells[1:]
        if not cells[0] and self.open is not None and not any(element_of(c) for c in cells):
            self.open.say(" ".join(c for c in cells if c))
            return
        at = 0
        while at < len(cells):
            label = cells[at]
            end = at + 2
            while end < len(cells) and not element_of(cells[end]):
                end += 1
            content = " | ".join(c for c in cells[at + 1 : end] if c)
            key = element_of(label)
            if key or len(bare(label)) <= MOST_LABEL:
                self._nested(self._begin(block, label, key, content))
            elif self.open is not None:
                self.open.say(" ".join(c for c in cells[at:end] if c))
            at = end

    def _nested(self, piece: Piece) -> None:
        """A table inside a cell: its lines, the first of them the head."""
        lines = [[part.strip() for part in line.split("|")] for line in piece.text.splitlines()]
        heads = _heads(lines[0]) if lines and len(lines[0]) > 1 else None
        if heads:
            piece.heads, piece.text = heads, ""
            piece.grid = [tuple(line) for line in lines[1:]]
            piece.element = piece.element if piece.element in TABLES else _grid_of(heads)

    def _head(self, block: Block) -> bool:
        """Whether this row begins a table of rows, or a list with a guide a row."""
        cells = block.cells
        keys = [element_of(c) for c in cells]
        if (
            len(cells) >= 4
            and "task_name" in keys
            and sum(map(bool, keys)) >= 4
            and all(len(c) <= 30 for c in cells)
        ):
            self.list_heads = tuple(keys)
            self.list_labels = cells
            return True
        rest = cells[1:] if len(cells) > 2 and element_of(cells[0]) and column_of(cells[0]) != "" else cells
        for part in (rest, cells):
            if heads := _heads(part):
                piece = self._begin(
                    block, cells[0] if len(part) < len(cells) else self._label_above(), _grid_of(heads)
                )
                piece.heads = heads
                self.grid = piece
                return True
        return False

    def _label_above(self) -> str:
        """The heading over a table belongs to it when it has no content of its own."""
        above = self.pieces[-1] if self.pieces else None
        if above is not None and not above.text and not above.grid and above.guide == self.guide:
            self.pieces.pop()
            return above.label
        return ""

    def _in_grid(self, cells: Sequence[str]) -> bool:
        assert self.grid is not None
        width = len(self.grid.heads)
        row = tuple(cells[-width:]) if len(cells) >= width else tuple(cells)
        label = cells[0] if len(cells) != width else ""
        if label and element_of(label) and bare(label) != bare(self.grid.label):
            self.grid = None
            return False
        if len(row) < width and element_of(cells[0]):
            self.grid = None
            return False
        if any(row):
            self.grid.grid.append(row)
        return True

    def _in_list(self, block: Block) -> bool:
        if not self.list_heads:
            return False
        self.guide += any(p.guide == self.guide for p in self.pieces)
        for key, label, text in zip(self.list_heads, self.list_labels, block.cells, strict=False):
            if text:
                self._nested(self._begin(block, label, key, text))
        self.open = None
        return True

    list_labels: tuple[str, ...] = ()


def _heads(cells: Sequence[str]) -> tuple[str, ...] | None:
    """The columns of a table of rows when these cells are its head."""
    if len(cells) < 2 or any(len(c) > 24 for c in cells):
        return None
    found = [column_of(c) for c in cells]
    if not any(key in GRIDS for key in found) or sum(key is not None for key in found) * 2 < len(found) + 1:
        return None
    return tuple(key or "" for key in found)


def _grid_of(heads: Sequence[str]) -> str:
    return next(GRIDS[key] for key in heads if key in GRIDS)


def recognise(blocks: Iterable[Block]) -> list[Piece]:
    """The pieces of a document in reading order."""
    return Reader().read(blocks)


def corrected(pieces: Sequence[Piece], choices: Mapping[int, str]) -> list[Piece]:
    """The pieces with what a person chose for them: an element, or to leave one out (`SKIP`)."""
    found = []
    for number, piece in enumerate(pieces):
        chosen = choices.get(number, piece.element)
        if chosen == SKIP:
            found.append(replace(piece, element=""))
        else:
            found.append(replace(piece, element=chosen if chosen in BY_KEY else ""))
    return found


def choosable() -> list[Element]:
    """The elements that a piece of text can be."""
    return [e for e in ELEMENTS if e.kind.value != "file"]
