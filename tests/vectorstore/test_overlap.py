"""The overlap index: what a passage explains of a question, in its words, by sound, and by everyday words."""

import pytest

from vectorstore.overlap import OverlapIndex
from vectorstore.records import Concept, Passage, Tier
from vectorstore.thesaurus import Thesaurus

THESAURUS = Thesaurus([Concept(("青少年",), ("娃娃", "小朋友"))])
PASSAGES = [
    Passage("a", Tier.NOTICE, "n", "1", "青少年科学教育", "开展青少年科学教育活动。", asked_as=("带学生逛科技馆",)),
    Passage("b", Tier.NOTICE, "n", "2", "老年人健康科普", "开展老年人健康科普。"),
]


@pytest.fixture
def index(tmp_path):
    OverlapIndex.build(tmp_path, PASSAGES, THESAURUS)
    return OverlapIndex(tmp_path / "0")


def ask(index, said):
    return index.compare(said, THESAURUS.expand(said), THESAURUS.concepts(said))


def test_a_wording_asked_word_for_word_counts_one(index):
    found = ask(index, "带学生逛科技馆")
    assert found.line[0] == pytest.approx(1.0) and found.line[1] < 0.2


def test_an_everyday_word_is_explained_by_the_term_it_stands_for(index):
    found = ask(index, "娃娃科学教育")
    assert found.coverage[0] > 0.6 > found.coverage[1]


def test_a_word_misheard_is_explained_by_its_sound(index):
    found = ask(index, "亲少年可学教于")
    assert found.coverage[0] > 0.7 > found.coverage[1]


def test_a_folder_without_an_index_is_said_to_have_none(tmp_path):
    with pytest.raises(ValueError):
        OverlapIndex(tmp_path / "none")
