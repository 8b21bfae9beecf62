"""Cards: each fault is named with file and line, and the built-in ones have none."""

import pytest

from ingest.cards import check_cards, is_card, read_card
from ingest.check import main
from tests.conftest import ROOT
from vectorstore.errors import DataFault
from vectorstore.records import Hotline

GOOD = (ROOT / "ingest/corpus/cards/rumor/rumor-microwave.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "ingest/corpus/cards/elder/wechat-group-mute.md").read_text(encoding="utf-8")


def faults(text, hotlines=("110", "96110")):
    with pytest.raises(DataFault) as failed:
        read_card(text, "卡.md", hotlines)
    return failed.value.data["faults"]


def test_a_good_card_is_read():
    card = read_card(GOOD, "卡.md")
    assert card.id == "rumor-microwave" and card.verdict == "假" and len(card.asked_as) >= 6 and is_card(GOOD)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("answer: ", "answer: " + "长" * 120, "最多120个"), ("kind: rumor", "kind: 谣言", "kind"), ("verdict: 假", "verdict: 也许", "verdict"),
        ("title: ", "nonsense: 1\ntitle: ", "nonsense"), ("answer: 假的。", "answer: 假的，打12999问。", "12999"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(old, new, says):
    found = faults(GOOD.replace(old, new, 1))
    assert len(found) >= 1 and any(says in f for f in found)
    assert all(f.startswith("卡.md:") and int(f.split(":")[1]) > 1 for f in found)


def test_several_faults_are_named_at_once():
    assert (
        len(faults(GOOD.replace("answer: ", "answer: " + "长" * 100, 1).replace("verdict: 假", "verdict: 也许", 1)))
        >= 2
    )


def test_a_card_without_a_source_is_refused():
    start, end = GOOD.index("sources:"), GOOD.index("checked:")
    assert any("sources" in f for f in faults(GOOD[:start] + "sources: []\n" + GOOD[end:]))


def test_a_step_that_is_too_long_is_named():
    long = GUIDE.replace("  - do: ", "  - do: " + "长" * 40, 1)
    assert any("第1步" in f for f in faults(long))


@pytest.mark.parametrize("text", ["", "没有开头", "---\nid: [\n---\n", "---\n- 1\n---\n"])
def test_a_broken_file_is_refused_in_one_sentence(text):
    assert faults(text)


def test_ids_given_twice_and_links_to_nowhere_are_named(tmp_path):
    for name in ("rumor-microwave", "other"):
        (tmp_path / "rumor").mkdir(exist_ok=True)
        (tmp_path / "rumor" / f"{name}.md").write_text(GOOD, encoding="utf-8")
    found = check_cards(
        tmp_path, [Hotline(n, "", "") for n in ("110", "119", "120", "96110", "12345")], ["三(二)3", "二(四)2"]
    )
    assert any("重复" in f for f in found) and any("相关卡片" in f for f in found)


def test_the_built_in_corpus_is_sound():
    assert main() == 0


def test_the_list_of_materials_is_covered(library):
    cards = library.current().cards.values()
    by_topic = {t: sum(c.topic == t for c in cards) for t in {c.topic for c in cards}}
    least = {
        "elder": 40,
        "scam": 25,
        "rumor": 20,
        "health": 35,
        "emergency": 20,
        "farm": 15,
        "nature": 20,
        "frontier": 20,
    }
    assert len(cards) >= 180 and all(by_topic[t] >= n for t, n in least.items())
