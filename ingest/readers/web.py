"""Saved web pages: the content of a government page without navigation, sharing, footers and hidden parts.

The content is the innermost element that still holds nearly all words outside links. A title and a document
number that stand beside it on the page are set before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.readers.rows import table_lines
from vectorstore.errors import Unreadable

_SILENT = {"script", "style", "noscript", "template", "nav", "footer", "header", "aside", "form", "select", "button",
           "iframe", "svg", "head", "input", "textarea", "object"}  # fmt: skip
_BLOCKS = {"p", "div", "section", "article", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6",
           "blockquote", "center", "td", "tr", "table", "tbody", "pre", "hr", "main", "body"}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:share|breadcrumb|crumbs?|nav|menu|footer|foot|header|sidebar|related|recommend|toolbar|"
    r"qrcode|pager|pagination|copyright|print|modal|search|login)(?:$|[\s_\d-])",
    re.I,
)
_SHARE = 0.85
"""An element holds the content when it has this share of its parent's words outside links."""

_NUMBER = re.compile(r"[\u4e00-\u9fa5]{1,10}[〔\[［]\s*\d{4}\s*[〕\]］]\s*\d+\s*号")
_FURNITURE = re.compile(r"^(?:扫一扫|分享到|相关附件$|打印本页|关闭窗口|\[?打印\]?$)")
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_HAN = re.compile(r"[\u3400-\u9fff]")


def read(path: Path) -> str:
    """The content of a page as lines. Raises Unreadable when the file holds no page."""
    from lxml import etree, html

    raw = path.read_bytes()
    try:
        page = html.document_fromstring(_decode(raw, path), parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, ValueError) as error:
        raise Unreadable("damaged_file", path=str(path)) from error
    shown = _title(page), _page_number(page)
    _drop_around(page)
    body = page.find("body") if page.find("body") is not None else page
    lines = list(_lines(_content(body)))
    start = re.sub(r"\s", "", "".join(lines)[:400])
    before = [said for said in shown if said and re.sub(r"\s", "", said) not in start]
    return "\n".join([*before, *lines])


def _decode(raw: bytes, path: Path) -> str:
    named = _CHARSET.search(raw[:4000])
    declared = named[1].decode("ascii").lower() if named else ""
    chinese = "gb18030" if declared.startswith("gb") else declared
    for encoding in [*([chinese] if chinese else []), "utf-8-sig", "gb18030"]:
        try:
            text = raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\0", "")
    raise Unreadable("bad_encoding", path=str(path))


def _title(page: Any) -> str:
    """The article's title: as the site's own metadata name it, else the only main heading."""
    for name in ("ArticleTitle", "articletitle"):
        for found in page.xpath(f"//meta[@name='{name}']/@content"):
            return re.sub(r"\s+", " ", found).strip()
    headings = page.xpath("//h1")
    return re.sub(r"\s+", " ", headings[0].text_content()).strip() if len(headings) == 1 else ""


def _page_number(page: Any) -> str:
    """The document number in the table of facts above the article, when the page has one."""
    for label in page.xpath("//*[self::td or self::th or self::span or self::div or self::li or self::b or self::p]"):
        text = re.sub(r"\s", "", label.text_content()) if len(label) < 8 else ""
        if text.startswith(("文号", "发文字号", "发文号")) and len(text) < 60 and (found := _NUMBER.search(text)):
            return re.sub(r"^(?:文号|发文字号|发文号)", "", found[0])
    return ""


def _drop_around(page: Any) -> None:
    """Takes out what is hidden or stands around the content on every page of a site."""
    from lxml import etree

    for element in list(page.iter()):
        if element.getparent() is None:
            continue
        if not isinstance(element.tag, str) or element.tag in _SILENT or _is_around(element):
            etree.strip_elements(holder := element.getparent(), etree.Comment, with_tail=False)
            if element in holder:
                element.drop_tree()


def _is_around(element: Any) -> bool:
    if element.tag in ("body", "html"):
        return False
    if _HIDDEN.search(element.get("style", "")) or element.get("hidden") is not None:
        return True
    return bool(_AROUND.search(f"{element.get('class', '')} {element.get('id', '')}"))


def _content(element: Any) -> Any:
    """Goes down from an element as long as one child has nearly all of its words."""
    while True:
        words = _weight(element)
        best = max(element, key=_weight, default=None)
        if best is None or best.tag in ("p", "span", "font", "tr", "table", "tbody") or not words:
            return element
        if _weight(best) < _SHARE * words:
            return element
        element = best


def _weight(element: Any) -> int:
    """How many Chinese characters stand in an element outside links."""
    if not isinstance(element.tag, str) or element.tag == "a":
        return 0
    own = len(_HAN.findall(element.text or ""))
    return own + sum(_weight(child) + len(_HAN.findall(child.tail or "")) for child in element)


def _lines(element: Any) -> Iterator[str]:
    """The printed lines of an element; a table of several columns gives one line a row."""
    waiting: list[str] = []
    for piece in _pieces(element):
        if isinstance(piece, str):
            waiting.append(piece)
            continue
        yield from _line("".join(waiting))
        waiting = []
        if piece is not None:
            yield from table_lines(_rows(piece))
    yield from _line("".join(waiting))


def _line(text: str) -> list[str]:
    text = re.sub(r"\s+", " ", text.replace("\xa0", " ").replace("\u3000", " ").replace("\u200b", "")).strip()
    return [text] if text and not _FURNITURE.match(text) else []


def _pieces(element: Any) -> Iterator[Any]:
    """Text, None where a line ends, and the tables inside an element, in order."""
    if element.tag == "table" and _is_grid(element):
        yield element
        return
    block = element.tag in _BLOCKS
    if block:
        yield None
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield None
        elif isinstance(child.tag, str):
            yield from _pieces(child)
        yield child.tail or ""
    if block:
        yield None


def _is_grid(table: Any) -> bool:
    """Whether a table has rows of several cells and no table inside: one that shows values."""
    rows = table.xpath(".//tr")
    return not table.xpath(".//table") and sum(len(row.xpath("./td|./th")) > 1 for row in rows) >= 2


def _rows(table: Any) -> Iterator[list[str]]:
    """Rows with merged cells: repeated downwards, standing once across."""
    below: dict[int, tuple[int, str]] = {}
    for row in table.xpath(".//tr"):
        cells: list[str] = []
        for cell in row.xpath("./td|./th"):
            _take_down(cells, below)
            text = "\n".join(line for part in _inside(cell) for line in _line(part))
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for column in range(width):
                said = text if column == 0 else ""
                if height > 1:
                    below[len(cells)] = (height - 1, said)
                cells.append(said)
        _take_down(cells, below)
        yield cells


def _take_down(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    while (place := len(cells)) in below:
        left, said = below.pop(place)
        if left > 1:
            below[place] = (left - 1, said)
            cells.append(said)
            continue
        cells.append(said)


def _inside(cell: Any) -> list[str]:
    parts = [""]
    for piece in _pieces(cell):
        if piece is None:
            parts.append("")
        elif isinstance(piece, str):
            parts[-1] += piece
    return parts


def _span(cell: Any, name: str) -> int:
    said = cell.get(name, "1")
    return min(int(said), 100) if said.isdecimal() and int(said) else 1
