"""The built-in notice as officials have it (Word, page, PDF, scan, packed): every form gives the same duties."""

import subprocess
import zipfile

import pytest

from ingest.notice import parse_notice
from ingest.readers import read_text
from ingest.readers.choose import read_one
from tests.conftest import NOTICE, ROOT, silent
from tests.ingest.notices.make import paper
from vectorstore.errors import Unreadable

LINES = [line for line in NOTICE.read_text(encoding="utf-8").split("\n") if line.strip()]
FONT = ROOT / "ui/fonts/NotoSansSC.otf"
TASKS = [
    ("1", "建设科普场馆", "省科协", "省教育厅、省科技厅", "2025年底前"),
    ("2", "培训乡村科普员", "省农业农村厅", "省科协、省人力资源社会保障厅", "长期"),
    ("3", "开展老年人数字技能培训", "省民政厅", "省委老干部局、省卫生健康委", "2024年底前"),
]


@pytest.fixture(scope="module")
def duties():
    return table(parse_notice(NOTICE.read_text(encoding="utf-8")).notice)


def table(notice):
    return [(d.path, d.department, d.role) for d in notice.duties]


def read_back(path):
    return parse_notice(read_text(path), path.name).notice


def write_docx(path, lines=LINES):
    from docx import Document

    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(path)


def write_pdf(path, lines=LINES):
    printed = paper("江西省人民政府公报")
    printed.set_font("song", size=12)
    for line in lines:
        printed.multi_cell(0, 7, line, new_x="LMARGIN", new_y="NEXT")
    printed.output(path)


def test_a_word_file_gives_every_duty_of_the_notice(tmp_path, duties):
    write_docx(tmp_path / "通知.docx")
    notice = read_back(tmp_path / "通知.docx")
    assert table(notice) == duties and len(duties) == 224 and notice.warnings == ()


def test_numbers_that_word_sets_by_itself_are_read(tmp_path):
    from docx import Document

    document = Document()
    document.add_paragraph("某市人民政府关于印发行动方案的通知")
    for task in ("建设场馆。（牵头单位：市科协）", "培训人员。（责任单位：市教育局、市民政局）"):
        document.add_paragraph(task, style="List Number")
    document.save(tmp_path / "a.docx")
    assert [c.path for c in read_back(tmp_path / "a.docx").clauses] == ["1", "2"]


def test_pages_of_a_word_file_are_kept(tmp_path):
    from docx import Document

    document = Document()
    document.add_paragraph("第一页的话。")
    document.add_page_break()
    document.add_paragraph("第二页的话。")
    document.save(tmp_path / "a.docx")
    before, after = read_text(tmp_path / "a.docx").split("\f")
    assert "第一页" in before and "第二页" in after


def test_a_saved_page_gives_every_duty_and_none_of_the_navigation(tmp_path, duties):
    body = "".join(f"<p>{line}</p>" for line in LINES)
    around = "<li><a href='/'>首页</a></li><li><a href='/zwgk'>政务公开</a></li>" * 20
    (tmp_path / "a.html").write_text(
        f"<html><head><meta charset='utf-8'><script>var 甲='乙';</script></head><body><div class='nav'>{around}</div>"
        f"<div class='main'><div id='zoom'>{body}</div></div><div style='display:none'>隐藏的话</div>"
        "<div class='footer'>版权所有 网站地图</div></body></html>",
        encoding="utf-8",
    )
    text = read_text(tmp_path / "a.html")
    assert not any(word in text for word in ("首页", "政务公开", "版权", "隐藏", "var"))
    assert table(parse_notice(text).notice) == duties


def test_a_pdf_gives_every_duty_without_headers_and_page_numbers(tmp_path, duties):
    write_pdf(tmp_path / "a.pdf")
    text = read_text(tmp_path / "a.pdf")
    assert "公报" not in text and text.count("\f") > 5
    notice = parse_notice(text).notice
    assert table(notice) == duties and notice.warnings == ()
    assert notice.clauses[0].page == 1 and notice.clauses[-1].page == text.count("\f")


def test_a_picture_of_a_page_is_read_by_ocr(tmp_path):
    from PIL import Image, ImageDraw, ImageFont

    lines = [
        "某市人民政府办公室关于印发科普行动方案的通知",
        "一、重点任务",
        "1.建设科普场馆。",
        "(牵头单位:市科协;责任单位:市教育局、市民政局)",
    ]
    picture = Image.new("RGB", (1400, 600), "white")
    for row, line in enumerate(lines):
        ImageDraw.Draw(picture).text((60, 60 + row * 90), line, fill="black", font=ImageFont.truetype(str(FONT), 40))
    picture.save(tmp_path / "a.png")
    found = [(d.department, d.role.value) for d in read_back(tmp_path / "a.png").duties]
    assert found == [("市科协", "lead"), ("市教育局", "responsible"), ("市民政局", "responsible")]
    picture.save(tmp_path / "扫描.pdf")
    assert table(read_back(tmp_path / "扫描.pdf")) == table(read_back(tmp_path / "a.png"))


def test_a_packed_word_file_is_read(tmp_path, duties):
    write_docx(tmp_path / "通知.docx")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.write(tmp_path / "通知.docx", "../../附件/通知.docx")
    assert table(read_back(tmp_path / "a.zip")) == duties


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.docx", b"PK\x03\x04 broken", "damaged_file"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100, "encrypted_file"),
        ("a.pdf", b"no pdf at all", "damaged_file"),
        ("a.png", b"no picture", "damaged_file"),
        ("a.zip", b"no zip", "damaged_file"),
        ("a.rar", b"Rar!", "unknown_format"),
        ("a.docx", b"", "empty_file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable) as error:
        read_text(tmp_path / name)
    assert error.value.code == code


def test_a_zip_that_grows_too_large_is_refused_unopened(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.txt", b"0" * 201_000_000)
    with pytest.raises(Unreadable) as error:
        read_text(tmp_path / "a.zip")
    assert error.value.code == "too_large"


def rows_of(notice):
    return [(c.path, c.title, [m.text for m in c.deadlines]) for c in notice.clauses]


def expected_rows():
    return [(f"表1-{n}", task, [due]) for n, task, _, _, due in TASKS]


def expected_duties():
    return [
        (f"表1-{n}", name, role)
        for n, _, lead, others, _ in TASKS
        for name, role in [(lead, "lead"), *((other, "responsible") for other in others.split("、"))]
    ]


HEAD = ("序号", "主要任务", "牵头部门", "责任部门", "完成时限", "分管领导")
TITLE = "某省科普行动任务分工表"


def test_an_excel_duty_table_gives_a_clause_a_row(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append([TITLE])
    book.active.merge_cells("A1:F1")
    book.active.append(HEAD)
    for n, *rest in TASKS:
        book.active.append([int(n), *rest, "张三"])
    book.save(tmp_path / "a.xlsx")
    notice = read_back(tmp_path / "a.xlsx")
    assert notice.title == TITLE and rows_of(notice) == expected_rows() and table(notice) == expected_duties()


def test_a_word_duty_table_with_merged_cells_repeats_them_for_each_row(tmp_path):
    from docx import Document

    document = Document()
    document.add_paragraph(TITLE)
    grid = document.add_table(rows=1 + len(TASKS), cols=6)
    for row, said in zip(grid.rows, [HEAD, *((*task, "张三") for task in TASKS)], strict=True):
        for cell, text in zip(row.cells, said, strict=True):
            cell.text = text
    merged = grid.cell(1, 2).merge(grid.cell(2, 2))
    merged.text = "省科协"
    document.save(tmp_path / "a.docx")
    leads = [d.department for d in read_back(tmp_path / "a.docx").duties if d.role == "lead"]
    assert leads == ["省科协", "省科协", "省民政厅"]


def test_a_pdf_duty_table_runs_on_over_the_page_break(tmp_path):
    from fpdf import FPDF

    paper = FPDF()
    paper.add_font("noto", fname=FONT)
    paper.add_font("noto", "B", fname=FONT)
    paper.add_page()
    paper.set_font("noto", size=11)
    paper.cell(0, 10, TITLE, new_x="LMARGIN", new_y="NEXT")
    many = [(str(n), *TASKS[n % 3][1:], "张三") for n in range(1, 61)]
    with paper.table(repeat_headings=1, col_widths=(1, 3, 2, 4, 2, 2)) as grid:
        for said in (HEAD, *many):
            grid.row(said)
    paper.output(tmp_path / "a.pdf")
    notice = read_back(tmp_path / "a.pdf")
    assert [c.title for c in notice.clauses] == [task[1] for task in many]
    assert len(notice.duties) == sum(1 + len(task[3].split("、")) for task in many)
    assert notice.clauses[0].page == 1 and notice.clauses[-1].page > 1


def test_a_saved_page_with_a_duty_table_and_merged_sections(tmp_path):
    head = "".join(f"<th>{h}</th>" for h in ("领域", *HEAD[1:4]))
    rows = "".join(
        f"<tr>{'<td rowspan=3>科普</td>' if n == '1' else ''}<td>{task}</td><td>{lead}</td><td>{others}</td></tr>"
        for n, task, lead, others, _ in TASKS
    )
    page = f"<html><meta charset=utf-8><body><h1>{TITLE}</h1><table><tr>{head}</tr>{rows}</table></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    notice = read_back(tmp_path / "a.html")
    assert table(notice) == expected_duties() and all(c.text.startswith("科普") for c in notice.clauses)


def test_every_file_of_a_zip_is_stored_and_a_broken_one_named(tmp_path):
    from ingest.pipeline import ingest_paths, look_at
    from vectorstore.library import Library

    write_docx(tmp_path / "通知.docx")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.write(tmp_path / "通知.docx", "通知.docx")
        packed.writestr("说明.txt", "科普场馆周一闭馆，请合理安排时间。")
    notice, document = look_at(tmp_path / "a.zip")
    assert len(notice.notices) == 1 and document.document.chunks
    (tmp_path / "坏.zip").write_bytes(b"PK broken")
    report = ingest_paths(Library(tmp_path / "home"), [tmp_path / "a.zip", tmp_path / "坏.zip"], silent)
    assert report.stored == ["通知.docx", "说明.txt"] and [error.code for _, error in report.failed] == ["damaged_file"]


def test_an_old_word_file_is_read_with_libreoffice(tmp_path, duties):
    write_docx(tmp_path / "通知.docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", tmp_path, tmp_path / "通知.docx"]
    subprocess.run(command, capture_output=True, timeout=90, check=True)
    assert (tmp_path / "通知.doc").read_bytes().startswith(b"\xd0\xcf\x11\xe0")
    assert table(read_back(tmp_path / "通知.doc")) == duties


def test_an_old_word_file_is_refused_clearly_when_damaged_or_without_libreoffice(tmp_path, monkeypatch):
    (tmp_path / "b.doc").write_bytes(b"\xd0\xcf\x11\xe0" * 9)
    with pytest.raises(Unreadable) as error:
        read_text(tmp_path / "b.doc")
    assert error.value.code == "damaged_file"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable) as error:
        read_one(tmp_path / "b.doc")
    assert error.value.code == "needs_libreoffice"
