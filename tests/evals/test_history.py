"""Whether answers got worse, and whether that is more than chance; measures that move when the program is spoilt."""

from dataclasses import replace

import pytest

from evals.compare import compare, ndcg
from evals.history import Drift, change, drift, read_past, remember
from evals.measures import Measure, measure
from evals.metrics import Share
from evals.run import Given, Outcome, run_suite
from evals.suite import Case, Expect, Turn, load_suites
from tests.evals.test_judge import Broken, with_roles_swapped
from vectorstore.errors import InputError
from vectorstore.records import Tier


def test_a_great_change_is_told_from_chance():
    before = {str(n): True for n in range(60)}
    worse = change({name: int(name) >= 20 for name in before}, before)
    assert worse.gain == -20 and worse.chance < 0.01
    little = change({**before, "1": False}, before)
    assert little.gain == -1 and little.chance > 0.05
    assert change(before, before).chance == 1.0


def test_every_run_is_remembered_with_the_suites_that_got_significantly_worse(tmp_path):
    file, before = tmp_path / "evals" / "history.jsonl", {str(n): True for n in range(60)}
    remember("2026-11-23", {"sets": Share(60, 60, 1, 1)}, {}, file)
    worse = {"sets": change({name: int(name) >= 20 for name in before}, before), "facts": change(before, before)}
    remember("2026-11-24", {"sets": Share(40, 60, 0.5, 0.8), "facts": Share(1, 1, 1, 1)}, worse, file)
    first, last = read_past(file)
    assert (first.day, first.worse) == ("2026-11-23", []) and last.worse == ["sets"]
    assert last.shares == {"sets": 0.6667, "facts": 1.0}
    file.write_text("不是", encoding="utf-8")
    with pytest.raises(InputError):
        read_past(file)


def test_what_older_people_do_not_understand_and_how_long_they_wait_are_measured():
    def told(said, see, ms):
        step = {"n": 1, "text": "点屏幕上方。", "see": see}
        answer = {"kind": "guide", "text": said, "steps": [step], "citations": [], "duties": [], "refusal": None}
        return Given("问", {**answer, "timing_ms": {"total": ms}}, ())

    given = [told("打开缓存。来源：缓存", "看到弹窗。", 3.0), told("打开微信。", "看到龘字。", 9.0)]
    case = Case("s", "n", (Turn("问", Expect()),) * 2, "")
    found = {m.name: m for m in measure({"s": [Outcome(case, given)]}, [])}
    assert found["用到行话"].value == 0.5 and set(found["用到行话"].found) == {"缓存1", "弹窗1"}
    assert found["用到生僻字"].found == ("龘1",)
    assert (found["用时毫秒（中位）"].value, found["用时毫秒（p99）"].value) == (3.0, 3.0)


def measures(chain, library, suite="who-plain", size=40):
    cases = load_suites((suite,))[suite][:size]
    found = measure({suite: run_suite(chain, cases, lambda: None)}, library.current().texts())
    return {m.name: m.value for m in found}


def test_quotes_are_verbatim_and_roles_right_until_they_are_spoilt(talking, library):
    right = measures(talking, library)
    assert right["引文逐字可查"] == 1.0 and right["角色说错"] == 0.0 and right["部门有引文支持（召回）"] == 1.0
    assert measures(Broken(talking, with_roles_swapped), library)["角色说错"] > 0.5

    def invented(answer):
        return replace(answer, citations=tuple(replace(c, quote="方案里没有的一句话") for c in answer.citations))

    assert measures(Broken(talking, invented), library)["引文逐字可查"] == 0.0


def test_ndcg_is_the_textbooks():
    assert ndcg(["a", "b"], {"a"}) == 1.0
    assert round(ndcg(["b", "a"], {"a"}), 4) == 0.6309
    assert ndcg(["b"], {"a"}) == 0.0


def test_every_way_is_compared_with_others_on_the_same_questions(library):
    cases = load_suites(("who-plain",))["who-plain"][:30]
    places = {p.way: p for p in compare(library.current(), cases, lambda done, of: None) if p.tier is Tier.NOTICE}
    assert {"去掉 pinyin", "去掉 dense", "LlamaIndex 默认"} <= set(places)
    ours = places["本程序（加权和）"]
    assert ours.of == 30 and ours.first > 0.9
    others = [p for way, p in places.items() if "教程" in way or "Llama" in way]
    assert all(p.first < ours.first for p in others)


def test_a_share_that_moved_far_is_told_from_chance():
    far = drift(Measure("量", 0.9, 500), Measure("量", 0.8, 500))
    near = drift(Measure("量", 0.82, 50), Measure("量", 0.8, 50))
    assert far.chance < 0.01 < 0.5 < near.chance
    assert drift(Measure("量", 1.0, 9), Measure("量", 1.0, 9)).chance == 1.0
    assert drift(Measure("毫秒", 3.0), Measure("毫秒", 2.0)) == Drift(1.0, None)
