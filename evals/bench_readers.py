"""Pages per second of each reader, beside the library under it called alone on the same file in the same run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ingest.pipeline import corpus
from ingest.readers.choose import read_one

_PAGE = 700
"""Characters that count as a page in files that have none."""
_ROUNDS, _COPIES = 3, 5
_LINE = "Science literacy action plan, task %d: department A leads, departments B and C take part."
"""The PDF's lines are in Latin letters: no Chinese font is needed to make it, and the work per page is the same."""


def compare_readers(folder: Path) -> None:
    """Prints one line a format; the first round of each only warms up."""
    for name, pages, alone in _files(folder):
        ours, theirs = _best(read_one, folder / name), _best(alone, folder / name)
        sys.stdout.write(
            f"{'read ' + name + ' / library alone':42} {ours / theirs:7.2f}"
            f"   ({pages / ours:.1f} / {pages / theirs:.1f} pages a second)\n"
        )


def _best(read: Callable[[Path], Any], file: Path) -> float:
    spent = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        read(file)
        spent.append(time.perf_counter() - begun)
    return min(spent[1:])


def _files(folder: Path) -> Iterator[tuple[str, float, Callable[[Path], Any]]]:
    """Name, pages and the bare library of each file, written into the folder."""
    import docx
    import openpyxl

    words = next((corpus() / "notices").glob("*.txt")).read_text(encoding="utf-8")
    lines = [line for line in words.split("\n") if line.strip()] * _COPIES
    pages = sum(map(len, lines)) / _PAGE
    document, book = docx.Document(), openpyxl.Workbook()
    sheet = book.create_sheet("notice")
    for line in lines:
        document.add_paragraph(line)
        sheet.append(["", line, "省科协"])
    document.save(str(folder / "notice.docx"))
    book.save(folder / "notice.xlsx")
    body = "".join(f"<p>{line}</p>" for line in lines)
    (folder / "notice.html").write_text(f"<html><body><div>{body}</div></body></html>", encoding="utf-8")
    yield "notice.docx", pages, lambda path: [p.text for p in docx.Document(str(path)).paragraphs]
    yield "notice.xlsx", pages, _cells
    yield "notice.html", pages, _page_text
    _write_pdf(folder / "notice.pdf")
    yield "notice.pdf", 10, _pdf_text
    _write_scan(folder / "notice.pdf", folder / "scan.png")
    yield "scan.png", 1, _recognised


def _cells(path: Path) -> list[Any]:
    import openpyxl

    return [cell.value for row in openpyxl.load_workbook(path)["notice"].iter_rows() for cell in row]


def _page_text(path: Path) -> str:
    from lxml import html

    return str(html.document_fromstring(path.read_bytes()).text_content())


def _pdf_text(path: Path) -> list[str]:
    import pdfplumber

    with pdfplumber.open(path) as document:
        return [page.extract_text() for page in document.pages]


def _recognised(path: Path) -> Any:
    from ingest.readers.scan import recogniser

    return recogniser()(str(path))


def _write_pdf(path: Path) -> None:
    from fpdf import FPDF

    paper = FPDF()
    paper.set_font("helvetica", size=10)
    for page in range(10):
        paper.add_page()
        for line in range(40):
            paper.cell(0, 6, _LINE % (page * 40 + line), new_x="LMARGIN", new_y="NEXT")
    paper.output(str(path))


def _write_scan(pdf: Path, picture: Path) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    document[0].render(scale=150 / 72).to_pil().save(picture)
    document.close()


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        compare_readers(Path(made))
