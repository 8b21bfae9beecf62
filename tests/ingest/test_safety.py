"""What may do harm is refused at once with its reason, in a process of its own; the one that asked is untouched."""

import re
import threading
import time
import zipfile
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ingest.pipeline import ingest_paths, look_at
from ingest.readers import apart, read_apart, unpack
from tests.conftest import NOTICE, ROOT, silent
from tests.ingest.test_readers import write_docx
from vectorstore.errors import Unreadable
from vectorstore.library import Library

FONT = ROOT / "ui/fonts/NotoSansSC.otf"
SECONDS, MEMORY = 12, 300_000_000
LAUGHS = '<!DOCTYPE w [<!ENTITY a "哈哈">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def office(path, part, change):
    """A Word file in which one part is another."""
    write_docx(path, ["某市关于开展科普活动的通知", "一、时间"])
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)


def zip_bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * 300_000_000)


def text_bomb(path):
    """Small enough unpacked to be opened, but not to be taken apart."""
    office(path, "word/document.xml", lambda xml: xml.replace(b"</w:body>", b"<w:p/>" * 25_000_000 + b"</w:body>"))


def laughs(path):
    office(path, "word/document.xml", lambda xml: xml.replace(b"<w:document", LAUGHS.encode() + b"]>\n<w:document", 1))


def foreign_entity(path):
    declared = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<w:document'
    office(path, "word/document.xml", lambda xml: xml.replace(b"<w:document", declared, 1))


def macros(path):
    office(path, "word/vbaProject.bin", lambda _: b"\xd0\xcf\x11\xe0" * 100)


def old_macros(path):
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 500 + "_VBA_PROJECT".encode("utf-16-le") + b"\0" * 500)


def many_pages(path):
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(10_000):
        document.new_page(595, 842)
    document.save(str(path))


def locked_pdf(path):
    from fpdf import FPDF

    paper = FPDF()
    paper.add_page()
    paper.set_encryption(owner_password="a", user_password="b")
    paper.output(str(path))


def locked_office(path):
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000)


def huge_picture(path):
    from PIL import Image

    Image.new("1", (20_000, 20_000)).save(path)


def huge_page(path):
    """A page without words, as large as a page may be: to be read it would have to be drawn."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(14_400, 14_400)
    document.save(str(path))


def nothing_drawn(path):
    path.write_bytes(b"%PDF-1.7\n" + b"1 0 obj << /Length 99999999 >> stream\n" + b"\xff" * 5_000)


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("a.docx", zip_bomb, "too_large"),
        ("a.zip", zip_bomb, "too_large"),
        ("a.docx", text_bomb, "too_much_memory"),
        ("a.docx", laughs, "has_entities"),
        ("a.docx", foreign_entity, "has_entities"),
        ("a.docx", macros, "has_macros"),
        ("a.docm", macros, "has_macros"),
        ("a.doc", old_macros, "has_macros"),
        ("a.pdf", many_pages, "too_many_pages"),
        ("a.pdf", huge_page, "no_text"),
        ("a.pdf", locked_pdf, "encrypted_file"),
        ("a.pdf", nothing_drawn, "damaged_file"),
        ("a.docx", locked_office, "encrypted_file"),
        ("a.xlsx", locked_office, "encrypted_file"),
        ("a.png", huge_picture, "too_many_pixels"),
    ],
)
def test_what_may_do_harm_is_refused_within_seconds_and_takes_little_memory(tmp_path, name, make, code):
    make(tmp_path / name)
    read_apart_once(tmp_path)
    begun = time.monotonic()
    with pytest.raises(Unreadable) as error, largest_reader() as seen:
        look_at(tmp_path / name)
    assert error.value.code == code and time.monotonic() - begun < SECONDS
    assert max(seen) < MEMORY
    read_apart_once(tmp_path)


@contextmanager
def largest_reader():
    """The bytes of memory that each process that reads files was seen to hold at most, while the block runs."""
    seen, over = [0], threading.Event()

    def look():
        while not over.is_set():
            for status in Path("/proc").glob("[0-9]*/status"):
                with suppress(OSError):  # it has ended
                    if b"multiprocessing.forkserver" in (status.parent / "cmdline").read_bytes():
                        seen.extend(1024 * int(n) for n in re.findall(r"VmHWM:\s*(\d+)", status.read_text()))

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield seen
    finally:
        over.set()
        watch.join()


def read_apart_once(folder):
    """Has the process that all others are copies of started, as a service has."""
    write_docx(folder / "warm.docx", ["暖场。"])
    assert read_apart(folder / "warm.docx").text == "暖场。"


def test_names_that_climb_out_of_a_zip_stay_inside(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for name in ("../../climbed.txt", "/etc/climbed.txt", "..\\climbed.txt", "C:\\climbed.txt"):
            packed.writestr(name, "科普场馆周一闭馆。")
    (tmp_path / "in").mkdir()
    written = [file for _, file in unpack(tmp_path / "a.zip", tmp_path / "in")]
    assert len(written) == 4 and all(f.is_relative_to(tmp_path / "in") for f in written)
    assert sorted(f.name for f in tmp_path.rglob("*climbed*")) == sorted(f.name for f in written)


def test_words_that_nobody_sees_are_shown_to_who_uploads(tmp_path):
    import docx
    import openpyxl
    from docx.shared import RGBColor
    from fpdf import FPDF

    document = docx.Document()
    document.add_paragraph("某市科普工作通知。")
    document.add_paragraph().add_run("白色的字写着市甲局牵头").font.color.rgb = RGBColor(255, 255, 255)
    document.add_paragraph().add_run("隐藏的字").font.hidden = True
    document.save(tmp_path / "a.docx")
    paper = FPDF()
    paper.add_font("noto", fname=FONT)
    paper.add_page()
    paper.set_font("noto", size=12)
    paper.cell(0, 10, "看得见的字", new_x="LMARGIN", new_y="NEXT")
    paper.set_text_color(255, 255, 255)
    paper.cell(0, 10, "白纸上的白字", new_x="LMARGIN", new_y="NEXT")
    paper.output(str(tmp_path / "a.pdf"))
    book = openpyxl.Workbook()
    book.active.append(["看得见"])
    book.create_sheet("藏起来").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    for name, words in (("a.docx", "市甲局牵头隐藏的字"), ("a.pdf", "白纸上的白字"), ("a.xlsx", "藏起来")):
        (seen,) = look_at(tmp_path / name)
        assert words in seen.warnings[0], name


def test_an_ordinary_file_hides_nothing(tmp_path):
    write_docx(tmp_path / "通知.docx")
    (seen,) = look_at(tmp_path / "通知.docx")
    assert seen.warnings == ()


def test_a_bad_file_among_good_ones_is_named_and_the_rest_is_stored(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    write_docx(folder / "a.docx")
    laughs(folder / "b.docx")
    (folder / "c.txt").write_text("科普场馆周一闭馆，请合理安排时间。", encoding="utf-8")
    library = Library(tmp_path / "home")
    report = ingest_paths(library, [folder], silent)
    assert report.stored == ["a.docx", "c.txt"]
    assert [(path, error.code) for path, error in report.failed] == [(str(folder / "b.docx"), "has_entities")]
    assert ingest_paths(library, [folder], silent).unchanged == ["a.docx", "c.txt"]


def test_two_documents_of_one_name_are_both_kept_and_both_forgotten(tmp_path):
    library = Library(tmp_path / "home")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("东/说明.txt", "东馆周一闭馆，请合理安排时间。")
        packed.writestr("西/说明.txt", "西馆周二闭馆，请合理安排时间。")
    ingest_paths(library, [tmp_path / "a.zip"], silent)
    assert len(library.current().documents) == 2
    library.forget("说明.txt")
    library.knowledge.scrub()
    assert library.knowledge.documents() == []
    held = b"".join(f.read_bytes() for f in (tmp_path / "home").glob("knowledge*"))
    assert "周二闭馆".encode() not in held


def test_every_plan_of_a_file_is_forgotten_with_it(tmp_path):
    second = (
        "\n\n附件2\n某市科普资源共享任务清单\n\n一、场馆共享。(责任单位:市科协)\n二、人员共享。(责任单位:市教育局)\n"
    )
    (tmp_path / "两份.txt").write_text(NOTICE.read_text(encoding="utf-8").split("抄送")[0] + second, encoding="utf-8")
    library = Library(tmp_path / "home")
    ingest_paths(library, [tmp_path / "两份.txt"], silent)
    assert len(library.knowledge.notices()) == 2
    assert len(library.forget("赣府发〔2021〕29号")) == 2
    assert library.knowledge.notices() == [] and library.knowledge.sources() == []


def test_a_file_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    write_docx(tmp_path / "通知.docx")
    monkeypatch.setattr(apart, "SECONDS", 0)
    monkeypatch.setattr(apart, "SECONDS_PER_MEGABYTE", 0)
    with pytest.raises(Unreadable) as error:
        read_apart(tmp_path / "通知.docx")
    assert error.value.code == "too_slow"


def test_a_reader_that_dies_takes_nothing_with_it(tmp_path, monkeypatch):
    write_docx(tmp_path / "通知.docx")
    monkeypatch.setattr(apart, "_MOST_SAID", 10)
    with pytest.raises(Unreadable) as error:
        read_apart(tmp_path / "通知.docx")
    assert error.value.code == "damaged_file"
    monkeypatch.undo()
    read_apart_once(tmp_path)
