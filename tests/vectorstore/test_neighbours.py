"""What stands before and after a passage of a document that is cited."""

import pytest

from ingest.chunks import read_document
from vectorstore.errors import UnknownName
from vectorstore.neighbours import surroundings
from vectorstore.register import DutyRegister

DOCUMENT = read_document(
    "# 借阅规则\n\n## 办证\n\n带身份证到一楼服务台。\n\n## 借书\n\n"
    + "一次最多借五本，借期三十天。" * 30
    + "\n\n## 还书\n\n二十四小时自助还书。",
    "借阅.md",
)


def test_a_passage_is_shown_between_the_ones_next_to_it():
    chunks = DOCUMENT.chunks
    found = surroundings(DutyRegister([]), [DOCUMENT], "借阅规则", chunks[1].locator, chunks[1].text[:12])
    assert found.here.text == chunks[1].text
    assert (found.before.text, found.after.text) == (chunks[0].text, chunks[2].text)


def test_the_first_and_the_last_have_one_neighbour():
    first, last = DOCUMENT.chunks[0], DOCUMENT.chunks[-1]
    assert surroundings(DutyRegister([]), [DOCUMENT], "借阅规则", first.locator).before is None
    assert surroundings(DutyRegister([]), [DOCUMENT], "借阅规则", last.locator).after is None


def test_a_place_that_does_not_exist_is_named():
    with pytest.raises(UnknownName):
        surroundings(DutyRegister([]), [DOCUMENT], "借阅规则", "退休")
