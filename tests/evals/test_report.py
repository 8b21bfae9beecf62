"""The report as a person opens it, the badge, and what `kepu eval` says when answers are not good enough."""

import json
import re
import shutil

import pytest

from evals.suite import about
from evals.thresholds import read_thresholds
from tests.conftest import ROOT

SUITE = """# 看报告用的题。第二句不显示
- {q: 智慧助老服务由哪些部门负责, who: 二(四)1}
- {q: 青少年行动谁<b>牵头</b>, kind: refusal, refusal: medical, must: [没有的话, 也没有的话], note: pinyin}
- name: 两问
  turns:
  - {q: 省科协牵头哪些, kind: duty}
  - {q: 那省教育厅呢, kind: [chat, refusal]}
"""


@pytest.fixture(scope="module")
def low(run, tmp_path_factory):
    """A run of a suite that falls below its floor, twice, with its report."""
    folder = tmp_path_factory.mktemp("suites")
    (folder / "sets.yaml").write_text(SUITE, encoding="utf-8")
    for _ in range(2):
        finished = run("eval", "--folder", folder, "--report", folder / "report")
    return finished, folder / "report"


def test_below_a_floor_the_exit_status_is_1_and_the_suite_is_named(low):
    finished, folder = low
    assert finished.returncode == 1
    assert finished.stderr.strip().endswith("低于门槛：sets")
    assert "#b3541e" in (folder / "badge.svg").read_text(encoding="utf-8")


def test_the_page_needs_nothing_else_and_shows_each_wrong_case_in_words(low):
    page = (low[1] / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<(?:script|link|img|iframe)|(?:src|href)=|url\(|@import", page)
    assert "3题答对1题" in page and "低于门槛：sets" in page and "看报告用的题" in page and "第二句" not in page
    assert "青少年行动谁&lt;b&gt;牵头&lt;/b&gt;" in page
    assert (
        "类别是任务分工，应当是拒答" in page and "拒答理由：看病吃药" in page and "必须有：没有的话、也没有的话" in page
    )
    assert "前面问过：省科协牵头哪些" in page
    assert page.index("青少年行动谁") < page.index("那省教育厅呢"), "the case with most faults comes first"
    assert "拼音" in page and "MRR" in page and "polyline points" in page and "一样" in page


def test_the_json_holds_shares_intervals_measures_ranking_and_wordings(low):
    whole = json.loads((low[1] / "report.json").read_text(encoding="utf-8"))
    found = whole["suites"]["sets"]
    assert (found["right"], found["of"], found["floor"]) == (1, 3, read_thresholds()["sets"])
    assert found["interval"][0] < 1 / 3 < found["interval"][1]
    assert whole["wordings"]["pinyin"]["of"] == 1
    assert {p["tier"]: p["of"] for p in whole["retrieval"]} == {"notice": 1}
    assert whole["measures"]["引文逐字可查"]["value"] == 1.0
    assert len((low[1] / "history.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_the_terminal_table_is_whole_at_eighty_columns(run, tmp_path):
    shutil.copy(ROOT / "evals/suites/channels.yaml", tmp_path / "unseen-paraphrases.yaml")
    table = run("eval", "--folder", tmp_path, "--report", tmp_path / "r", env={"COLUMNS": "80"}).stdout
    floor = f"{100 * read_thresholds()['unseen-paraphrases']:.0f}"
    assert re.search(rf"unseen-paraphrases +\d+/35 +\d+\.\d +\d+\.\d–\d+\.\d +{floor} ", table), table


def test_what_a_suite_asks_is_the_first_sentence_of_its_comment():
    assert about("who-plain").startswith("三种问法问每个条目归谁") and "。" not in about("who-plain")
