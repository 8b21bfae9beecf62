"""Documents: any text → chunks cut by structure, each under the heading it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from vectorstore.records import Chunk, Document

TARGET = 300
"""Characters a chunk is filled up to; a paragraph is never cut below this."""
LONGEST = 600
"""A longer paragraph is cut at the end of a sentence."""

_MARKDOWN = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十百\d]+[章节条])"
)
_SENTENCE = re.compile(r"[^。！？!?；;]*[。！？!?；;]?[”』）)]*")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,10}〔\d{4}〕\d+号")
_REGION = re.compile(
    r"([\u4e00-\u9fff]{2,8}?(?:省|市|自治区|自治州|县|区))(?=人民政府|[\u4e00-\u9fff]{0,10}(?:局|委员会|厅|办公室|中心))"
)
_PROVINCE = re.compile(
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆"
)
_HEADING_LENGTH = 40
_RULE = re.compile(r"^[|\s:-]+$")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` from 1), a paragraph or a table (`level` 0)."""

    text: str
    level: int = 0
    page: int | None = None

    @property
    def is_table(self) -> bool:
        """Whether the block is rows `| cell | cell |`."""
        return _is_row(self.text)


def read_document(text: str, name: str, title: str = "") -> Document:
    """A document of a text: title, number, issuer's region where printed, and chunks."""
    blocks = list(blocks_of(text))
    first = blocks[0].text if blocks and blocks[0].level else ""
    heading = title or next((b.text for b in blocks if b.level == 1), first) or name.rsplit(".", 1)[0]
    head = text[:600]
    number = _NUMBER.search(head)
    region = _REGION.search(heading) or _REGION.search(head)
    province = _PROVINCE.search(heading)
    return Document(
        id=name,
        title=heading,
        number=number[0] if number else "",
        issuer="",
        region=region[1] if region else province[0] if province else "",
        chunks=tuple(chunks_of(blocks)),
    )


def blocks_of(text: str) -> Iterator[Block]:
    """The headings and paragraphs of plain text or Markdown; a blank line or a heading ends a paragraph."""
    page = 1 if "\f" in text else None
    for paragraph in re.split(r"\n\s*\n|\n(?=#{1,6}\s)", text.replace("\r\n", "\n")):
        if page is not None:
            page += paragraph.count("\f")
        lines = [line.strip() for line in paragraph.replace("\f", "").split("\n") if line.strip()]
        while lines and (heading := _heading(lines[0], alone=len(lines) == 1)):
            yield Block(heading[1], heading[0], page)
            lines = lines[1:]
        for _, run in groupby(lines, _is_row):
            yield Block("\n".join(line for line in run if not (_is_row(line) and _RULE.match(line))), 0, page)


def _is_row(line: str) -> bool:
    return len(line) > 1 and line[0] == line[-1] == "|"


def _heading(line: str, alone: bool) -> tuple[int, str] | None:
    if match := _MARKDOWN.match(line):
        return len(match[1]), match[2]
    short = len(line) <= _HEADING_LENGTH and not line.endswith(("。", "；", ";", "，", ",", ":", "："))
    if short and _NUMBERED.match(line):
        return 2, line
    return (2, line) if short and alone and not line.startswith(("-", "*", "|", "•")) else None


def chunks_of(blocks: Iterable[Block]) -> Iterator[Chunk]:
    """Paragraphs gathered to chunks; a heading begins a new one, long paragraphs are cut at sentence ends.

    A table is a chunk of its own, a long one several, each with its header.
    """
    above: dict[int, str] = {}
    waiting: list[str] = []
    position = 0

    def chunk() -> Iterator[Chunk]:
        nonlocal position, waiting
        if waiting:
            position += 1
            heading = " ".join(above[level] for level in sorted(above))
            yield Chunk(position, heading or f"第{position}段", above[max(above)] if above else "", "\n".join(waiting))
        waiting = []

    for block in blocks:
        if block.level:
            yield from chunk()
            above = {level: said for level, said in above.items() if level < block.level}
            above[block.level] = block.text
            continue
        if block.is_table:
            for part in _parts(block.text.split("\n")):
                yield from chunk()
                waiting.append(part)
            yield from chunk()
            continue
        for piece in _pieces(block.text):
            if waiting and sum(map(len, waiting)) + len(piece) > TARGET:
                yield from chunk()
            waiting.append(piece)
    yield from chunk()


def _parts(rows: list[str]) -> Iterator[str]:
    """A table in parts of whole rows, the header at the top of each."""
    head = next((n for n, row in enumerate(rows, 1) if len({c.strip() for c in row[1:-1].split("|")}) > 1), 1)
    part = rows[:head]
    for row in rows[head:]:
        if len(part) > head and sum(map(len, part)) + len(row) > TARGET:
            yield "\n".join(part)
            part = rows[:head]
        part.append(row)
    yield "\n".join(part)


def _pieces(paragraph: str) -> Iterator[str]:
    if len(paragraph) <= LONGEST:
        yield paragraph
        return
    piece = ""
    for sentence in _SENTENCE.findall(paragraph):
        if piece and len(piece) + len(sentence) > TARGET:
            yield piece
            piece = ""
        piece += sentence
    if piece:
        yield piece
