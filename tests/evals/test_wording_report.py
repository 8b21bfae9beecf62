"""What a misbehaving model leads to, as the report of `kepu eval --wording` shows it."""

import json
from datetime import date

import pytest

from evals.generated import Judged
from evals.generated.misbehaving import CASES, misbehave
from evals.wording_report import write_wording_report

OUTCOMES = {
    "不出错（对照）": "worded",
    "连不上": "refused",
    "401 密钥不对": "status_401",
    "429 要等一分钟": "status_429",
    "500": "status_500",
    "第一个字迟迟不来": "deadline",
    "JSON不合规": "broken",
    "什么也没说": "empty",
    "说个没完": "endless",
    "先想后说": "worded",
    "要调用工具": "empty",
    "编一个数": "unfit_number",
    "把角色说错": "unfit_role",
}


@pytest.fixture(scope="module")
def shown(library):
    counted = []
    found = list(misbehave(library, lambda: date(2026, 11, 24), lambda: counted.append(1)))
    assert len(counted) == len(found) == len(CASES)
    return {s.case.name: s for s in found}


def test_whatever_the_model_does_the_answer_is_right_and_in_time(shown):
    assert [(s.case.name, s.text, s.ms) for s in shown.values() if not (s.right and s.in_time)] == []


def test_each_case_ends_as_it_should(shown):
    assert {name: shown[name].outcome for name in OUTCOMES} == OUTCOMES
    generated = [name for name, s in shown.items() if s.generated]
    assert generated == ["不出错（对照）", "先想后说"]
    for name in ("编一个部门", "照问题里夹带的命令说", "把提示词说出来", "说外国话", "说到一半断了"):
        assert shown[name].outcome.startswith("unfit_")
    assert "省财政厅" not in shown["编一个部门"].text


def test_the_report_shows_every_case_with_what_was_shown_and_in_what_time(shown, tmp_path):
    told = {"错句": [Judged("喝酒<能>治病。", False, ())]}
    page = write_wording_report(told, list(shown.values()), tmp_path / "deep" / "er").read_text(encoding="utf-8")
    whole = json.loads((tmp_path / "deep/er/wording.json").read_text(encoding="utf-8"))
    assert [row["case"] for row in whole["misbehaving"]] == [c.name for c in CASES]
    assert all(row["right"] and row["in_time"] and row["ms"] > 0 and row["text"] for row in whole["misbehaving"])
    assert whole["sentences"]["错句"] == {"told": 0, "of": 1, "missed": [{"text": "喝酒<能>治病。", "rules": []}]}
    assert all(c.name in page for c in CASES)
    assert "喝酒&lt;能&gt;治病。" in page and "不对</tr>" not in page
