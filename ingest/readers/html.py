"""HTML: the article of a saved page, without navigation, share buttons, scripts and hidden blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.readers.plain import decode
from ingest.readers.reading import Reading
from ingest.readers.tables import table_text
from vectorstore.errors import Unreadable

_DROPPED = frozenset(
    "script style noscript template nav header footer aside form button select textarea input iframe svg object".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FURNITURE = re.compile(
    r"share|qrcode|breadcrumb|toolbar|zoom-|crumb|footer|navbar|sidebar|pagination|copyright|related|extended|modal|print",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"UCAP-CONTENT|^zoom(?:con)?$|TRS_Editor|article-?content|content-?article|pages_content|^js_content$"
)
_BLOCK = frozenset(
    "p div section article li h1 h2 h3 h4 h5 h6 tr td th table ul ol dl dt dd blockquote center body".split()
)
_NUMBER = re.compile(r"[\u4e00-\u9fa5]{1,10}[〔\[［(（【]\s*(?:19|20)\d{2}\s*[〕\]］)）】]\s*\d+\s*号")
_ENOUGH = 0.75
"""The article is the innermost block that still holds this share of the page's words outside links."""


def read_html(path: Path) -> Reading:
    """The title, the document number where the page prints one, and the words of the article with its tables.

    Raises Unreadable when there are no words.
    """
    from lxml import html
    from lxml.etree import ParserError

    try:
        page = html.document_fromstring(_decoded(path.read_bytes(), path.name))
    except ParserError as error:
        raise Unreadable("no_text", path=path.name) from error
    title = _title(page)
    region = _site(page)
    _clean(page)
    article = _article(page)
    if article is None:
        raise Unreadable("no_text", path=path.name)
    body = "\n\n".join(_paragraphs(article))
    return Reading("\n\n".join([*_missing(page, title, region, body), body]))


def _decoded(raw: bytes, name: str) -> str:
    """The page as text: UTF-8 or UTF-16, else GB18030, whatever the page says of itself."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return decode(raw, name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""))


def _title(page: Any) -> str:
    for path in (
        "//meta[translate(@name,'ARTICLETITLE','articletitle')='articletitle']/@content",
        "//h1[not(ancestor::nav)]//text()",
        "//title/text()",
    ):
        said = "".join(str(t) for t in page.xpath(path)[:1]).strip()
        if len(said) > 4 and "当前" not in said:
            return re.sub(r"\s*[-_|]\s*[^-_|]*(?:网|门户|平台)[^-_|]*$", "", said)
    return ""


def _site(page: Any) -> str:
    return "".join(page.xpath("//meta[translate(@name,'SITENAME','sitename')='sitename']/@content")[:1]).strip()


def _clean(page: Any) -> None:
    """Takes out what is no article: by tag, by being hidden, by the class it has."""
    from lxml.etree import Comment, ProcessingInstruction

    for node in list(page.iter()):
        if node.tag in (Comment, ProcessingInstruction) or not isinstance(node.tag, str):
            _drop(node)
            continue
        words = f"{node.get('class') or ''} {node.get('id') or ''}"
        hidden = node.get("hidden") is not None or _HIDDEN.search(node.get("style") or "")
        furniture = _FURNITURE.search(words) and not _ARTICLE.search(words) and _weight(node) < 400
        if node.tag in _DROPPED or ((hidden or furniture) and node.tag not in {"body", "html"}):
            _drop(node)


def _drop(node: Any) -> None:
    parent = node.getparent()
    if parent is None:
        return
    if hasattr(node, "drop_tree"):
        node.drop_tree()
    else:
        parent.remove(node)


def _weight(node: Any) -> int:
    """Chinese characters outside links."""
    words = "".join(node.xpath(".//text()[not(ancestor::a)]"))
    return len(re.findall(r"[\u3400-\u9fff]", words))


def _article(page: Any) -> Any:
    body = page.find("body")
    if body is None:
        body = page
    whole = _weight(body)
    if not whole:
        return None
    named = [n for n in body.iter() if _ARTICLE.search(n.get("id") or "") or _ARTICLE.search(n.get("class") or "")]
    best = max(named, key=_weight, default=None)
    if best is not None and _weight(best) >= 0.3 * whole:
        return best
    node = body
    while (child := max(node, key=_weight, default=None)) is not None and _weight(child) >= _ENOUGH * _weight(node):
        if child.tag in {"p", "tr", "table", "tbody"}:
            break
        node = child
    return node


def _missing(page: Any, title: str, site: str, body: str) -> Iterator[str]:
    """What the page says about the article outside of it: title, number, and the site when the title names no place."""
    head = re.sub(r"\s", "", body[:400])
    bare = re.sub(r"\s", "", title)
    if bare and bare not in head:
        yield title
    if not _NUMBER.search(head) and (number := _NUMBER.search(re.sub(r"[ \t\xa0]", "", page.text_content()))):
        outside = number[0] not in re.sub(r"\s", "", body)
        if outside:
            yield number[0]
    if site and not re.search(r"[省市县区州]|国务院", title) and site not in head:
        yield f"来源：{site}"


def _paragraphs(article: Any) -> Iterator[str]:
    """The article's paragraphs and tables in reading order."""
    for kind, words in _pieces(article):
        if kind == "table":
            yield words
            continue
        for line in words.split("\n"):
            if said := re.sub(r"[ \t\xa0\u3000\u2002\u2003]+", " ", line).strip():
                yield said


def _pieces(node: Any) -> Iterator[tuple[str, str]]:
    waiting = ""
    for kind, words in _stream(node):
        if kind == "words":
            waiting += words
            continue
        yield "paragraph", waiting
        waiting = ""
        if kind == "table":
            yield "table", words
    yield "paragraph", waiting


def _stream(node: Any) -> Iterator[tuple[str, str]]:
    """Words, ends of paragraphs and whole tables, in the order of the page."""
    if node.tag == "table" and _is_data(node):
        yield "table", table_text(_rows(node))
        return
    if node.tag == "br":
        yield "end", ""
        return
    block = node.tag in _BLOCK
    if block:
        yield "end", ""
    yield "words", re.sub(r"[\r\n\t]+", "", node.text or "")
    for child in node:
        yield from _stream(child)
        yield "words", re.sub(r"[\r\n\t]+", "", child.tail or "")
    if block:
        yield "end", ""


def _is_data(table: Any) -> bool:
    """Whether a table holds data: one of a single cell, or with a table or long text inside, is page layout."""
    rows = table.xpath("./tr|./tbody/tr|./thead/tr")
    widest = max((len(r.xpath("./td|./th")) for r in rows), default=0)
    return len(rows) > 1 and widest > 1 and not table.xpath(".//table")


def _rows(table: Any) -> list[list[str]]:
    """The cells of a table, a spanning cell repeated at every place it covers."""
    grid: dict[tuple[int, int], str] = {}
    rows = table.xpath("./tr|./tbody/tr|./thead/tr|./tfoot/tr")
    for at, row in enumerate(rows):
        column = 0
        for cell in row.xpath("./td|./th"):
            while (at, column) in grid:
                column += 1
            words = re.sub(r"[ \t\xa0\u3000]+", " ", "\n".join(w for _, w in _pieces(cell) if w.strip()))
            down, right = _span(cell, "rowspan", len(rows) - at), _span(cell, "colspan", 30)
            grid.update({(at + d, column + r): words for d in range(down) for r in range(right)})
            column += right
    width = max((c for _, c in grid), default=-1) + 1
    return [[grid.get((r, c), "") for c in range(width)] for r in range(len(rows))]


def _span(cell: Any, name: str, most: int) -> int:
    said = cell.get(name) or "1"
    return max(1, min(int(said), most)) if said.isdecimal() else 1
