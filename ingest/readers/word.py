"""docx: paragraphs with the numbers Word writes in front of them, and tables with merged cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.readers.listnumbers import ListNumbers
from ingest.readers.reading import Reading
from ingest.readers.tables import table_text
from vectorstore.errors import Unreadable

_SHOWN = (
    ".//*[self::w:t or self::w:br or self::w:tab or self::w:lastRenderedPageBreak]"
    "[not(ancestor::w:moveFrom or ancestor::*[local-name()='Fallback'] "
    "or ancestor::w:r/w:rPr/w:vanish[not(@w:val='0' or @w:val='false')])]"
)
"""What a reader sees of a paragraph: not what was moved away or hidden, and a text box once."""


_SAID = ("w:t", "w:br", "w:tab", "w:lastRenderedPageBreak")
_MAY_HIDE = ".//w:moveFrom | .//w:vanish | .//*[local-name()='Fallback']"
"""What makes it necessary to look at each word: without it a paragraph is read an order of magnitude faster."""

_UNSEEN = (
    ".//w:r[w:rPr[w:vanish[not(@w:val='0' or @w:val='false')] or w:sz[@w:val < 5] "
    "or w:color[@w:val='FFFFFF' or @w:val='ffffff'][not(ancestor::w:tbl or ../w:shd or ../w:highlight)]]]"
)
_FEW = 60
"""So many characters of what is hidden are shown to a person."""


def read_docx(path: Path) -> Reading:
    """The body of a Word file. Headers, footers and deleted words are left out; list numbers are written out.

    Raises Unreadable when the file is no Word file.
    """
    from zipfile import BadZipFile

    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, XMLSyntaxError) as error:
        raise Unreadable("damaged_file", path=path.name) from error
    return Reading("\n\n".join(_Body(document).blocks()), _hidden(document))


def _hidden(document: Any) -> str:
    """The beginning of words set to be hidden, in white outside of tables, or too small to be seen."""
    from docx.oxml.ns import qn

    runs = document.element.xpath(_UNSEEN)
    return "".join(t.text or "" for run in runs for t in run.iter(qn("w:t")))[:_FEW].strip()


class _Body:
    """The paragraphs and tables of one document in reading order."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._numbers = ListNumbers(document)
        # Word notes where its pages ended when it last showed the file; without such notes only the breaks
        # that a person set are known. Both together would count a set break twice.
        self._plain = not document.element.xpath(_MAY_HIDE)
        self._breaks = "lastRenderedPageBreak" if document.element.xpath(".//w:lastRenderedPageBreak") else "br"

    def blocks(self) -> Iterator[str]:
        """The text of each, empty ones left out."""
        from docx.table import Table
        from docx.text.paragraph import Paragraph

        for element in _elements(self._document.element.body):
            if element.tag.endswith("}tbl"):
                yield table_text(self._rows(Table(element, self._document)))
                continue
            words = self._words(element)
            if words.strip():
                yield self._numbers.of(Paragraph(element, self._document)) + words
            elif "\f" in words:
                yield "\f"

    def _rows(self, table: Any) -> Iterator[list[str]]:
        """The cells of a table; python-docx gives a merged cell at every place it covers."""
        for row in table.rows:
            yield [self._cell(cell._tc) for cell in row.cells]

    def _cell(self, element: Any) -> str:
        paragraphs = element.xpath(".//w:p[not(ancestor::w:txbxContent)]")
        return "\n".join(self._words(p) for p in paragraphs).replace("\f", "")

    def _words(self, paragraph: Any) -> str:
        """What a reader sees of a paragraph; a page break becomes a form feed."""
        from docx.oxml.ns import qn

        out: list[str] = []
        for node in paragraph.iter(*map(qn, _SAID)) if self._plain else paragraph.xpath(_SHOWN):
            kind = node.tag.rsplit("}", 1)[1]
            page_ends = kind == "lastRenderedPageBreak" or node.get(qn("w:type")) == "page"
            if kind == "t":
                out.append(node.text or "")
            elif kind == "tab":
                out.append(" ")
            elif not page_ends:
                out.append("\n")
            elif kind == self._breaks:
                out.append("\n\f")
        return "".join(out)


def _elements(holder: Any) -> Iterator[Any]:
    """Paragraphs and tables, those inside of content controls too."""
    for child in holder:
        kind = child.tag.rsplit("}", 1)[-1] if isinstance(child.tag, str) else ""
        if kind in {"p", "tbl"}:
            yield child
        elif kind in {"sdt", "sdtContent"}:
            yield from _elements(child)
