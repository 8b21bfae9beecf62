"""The register's files as the next office program shows them: LibreOffice prints them and saves them again."""

import io
import shutil
import subprocess

import openpyxl
import pdfplumber
import pytest
from docx import Document

from ui import exports

A4_ACROSS = (842, 595)


@pytest.fixture(scope="module")
def snapshot(library):
    return library.current()


@pytest.fixture(scope="module")
def office(tmp_path_factory, snapshot):
    """Has LibreOffice make another form of an export of the whole register; gives the new file."""
    folder = tmp_path_factory.mktemp("office")

    def convert(form, to):
        made = folder / f"{form}-{to}"
        made.mkdir()
        (folder / f"a.{form}").write_bytes(exports.encode(form, snapshot.register.duties(), snapshot))
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [shutil.which("soffice"), profile, "--headless", "--convert-to", to, "--outdir", made]
        subprocess.run([*command, folder / f"a.{form}"], check=True, capture_output=True, timeout=90)
        return made / f"a.{to}"

    return convert


def wanted(snapshot):
    """The two tables of the register with their headers."""
    duties = snapshot.register.duties()
    clauses = [exports.CLAUSE_COLUMNS, *exports.clause_rows(duties, snapshot)]
    return clauses, [exports.DUTY_COLUMNS, *exports.duty_rows(duties, snapshot)]


def overlapping(page):
    """Characters that are printed over others."""
    places = [(c["x0"] + c["x1"], c["top"] + c["bottom"], c["size"]) for c in page.chars if c["text"].strip()]
    return [
        1 for n, (x, y, size) in enumerate(places)
        for x2, y2, _ in places[n + 1 :] if abs(x - x2) < size * 0.4 and abs(y - y2) < size * 1.2
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_every_printed_page_is_a4_across_with_the_header_and_readable_rows(office, snapshot, form):
    clauses, duties = wanted(snapshot)
    heads = ["".join(clauses[0]), "".join(duties[0])]
    with pdfplumber.open(office(form, "pdf")) as printed:
        seen = [(page, "".join(page.extract_text().split())) for page in printed.pages]
        for page, said in seen:
            assert (round(page.width), round(page.height)) == A4_ACROSS
            assert any(head in said for head in heads)
            assert said.endswith(f"—{page.page_number}—")
            assert overlapping(page) == []
    whole = "".join(said for _, said in seen)
    assert all(path in whole for path, *_ in clauses[1:])


def test_the_sheets_come_back_from_libreoffice_with_every_row(office, snapshot):
    book = openpyxl.load_workbook(office("xlsx", "xlsx"))
    assert book.sheetnames == ["任务分解表", "部门台账"]
    for sheet, rows in zip(book.worksheets, wanted(snapshot), strict=True):
        assert [tuple(v or "" for v in line) for line in sheet.iter_rows(values_only=True)] == rows
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows in ("1:1", "$1:$1") and sheet.page_setup.orientation == "landscape"


def test_the_word_table_comes_back_from_libreoffice_with_every_row(office, snapshot):
    (table,) = Document(str(office("docx", "docx"))).tables
    assert [tuple(cell.text for cell in row.cells) for row in table.rows] == wanted(snapshot)[0]


def test_a_cell_that_looks_like_a_formula_is_shown_and_not_computed(snapshot):
    from dataclasses import replace

    duty = replace(snapshot.register.duties()[0], title="=1+1")
    book = openpyxl.load_workbook(io.BytesIO(exports.to_xlsx([duty], snapshot)))
    assert book["部门台账"]["D2"].value == "'=1+1"
