"""A table of a document answers as a table: rows of plain words in a message, a table on a page."""

import openpyxl
import pytest

from assistant import KepuChain
from assistant.tables import as_markdown, as_plain
from ingest.pipeline import ingest_paths
from tests.conftest import silent
from vectorstore.text import squeeze

ROWS = [
    ("场馆", "开放时间", "票价"),
    ("梅湖科技馆", "9:00—17:00，周一闭馆", "免费"),
    ("青云海洋馆", "8:30—18:00", "80元"),
    ("艾溪天文台", "19:00—22:00，雨天不开", "20元"),
]


@pytest.fixture(scope="module")
def answer(filled, tmp_path_factory):
    from datetime import date

    folder = tmp_path_factory.mktemp("tables")
    library = filled(folder / "home")
    book = openpyxl.Workbook()
    book.active.append(["科普场馆开放时间表"])
    for row in ROWS:
        book.active.append(row)
    book.save(folder / "场馆.xlsx")
    ingest_paths(library, [folder / "场馆.xlsx"], silent)
    chain = KepuChain(library, lambda: date(2026, 11, 24))
    return chain.invoke("艾溪天文台的票价和开放时间")


def test_a_message_says_the_row_in_words_without_signs(answer):
    assert "场馆：艾溪天文台；开放时间：19:00—22:00，雨天不开；票价：20元" in answer.text
    assert "|" not in answer.text and "青云" not in answer.text


def test_a_page_shows_the_row_as_a_table(answer):
    lines = answer.markdown.split("\n")
    at = lines.index("| 场馆 | 开放时间 | 票价 |")
    assert lines[at + 1] == "|---|---|---|" and lines[at + 2].startswith("| 艾溪天文台 |")


def test_the_quote_stands_in_the_source(answer, filled):
    (cited,) = answer.citations
    assert cited.title == "科普场馆开放时间表" and squeeze("| 艾溪天文台 |") in squeeze(cited.quote)


def test_a_caption_over_the_whole_table_is_said_once():
    table = "| 收费表 | 收费表 |\n| 项目 | 元 |\n| 体检 | 30 |"
    assert as_plain(table) == "收费表\n项目：体检；元：30"
    assert as_markdown(f"如下：\n{table}") == "如下：\n收费表\n\n| 项目 | 元 |\n|---|---|\n| 体检 | 30 |\n"


def test_what_is_no_table_stays_as_it_is():
    assert as_plain("一、\n二、") == as_markdown("一、\n二、") == "一、\n二、"
