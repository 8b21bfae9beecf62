"""Who owns a task: exact sets of departments, for every item and section in three wordings each."""

import pytest
import yaml

from tests.conftest import KEY, ROOT
from vectorstore.records import Role
from vectorstore.text import squeeze

PLAIN = yaml.safe_load((ROOT / "evals/suites/who-plain.yaml").read_text(encoding="utf-8"))


def section_of(path):
    return path[: path.index(")") + 1]


@pytest.mark.parametrize("case", PLAIN, ids=[f"{c['who']}-{n}" for n, c in enumerate(PLAIN)])
def test_the_exact_departments_are_named(chain, expected, case):
    path, asked = case["who"], case["q"]
    answer = chain.invoke(asked)
    own = {(path, d, Role.RESPONSIBLE) for d in expected[path]["responsible"]}
    leads = {(path, d, Role.LEAD) for d in expected[path]["leads"]}
    above = (
        set() if path.endswith(")") else {(section_of(path), d, Role.LEAD) for d in expected[section_of(path)]["leads"]}
    )
    got = {(d.path, d.department, d.role) for d in answer.duties}
    allowed = [own | leads | above]
    if "牵头" in asked:
        allowed.append(leads or above)
    assert got in allowed, answer.text
    assert answer.kind == "duty"
    printed = [d.department for d in answer.duties if d.role is Role.RESPONSIBLE]
    assert printed == expected[path]["responsible"] or not printed


def test_the_answer_says_who_first_then_quotes_and_reminds(chain):
    answer = chain.invoke("国家基础学科拔尖学生培养计划归谁")
    lines = answer.text.split("\n")
    assert lines[0] == "责任部门：省教育厅、团省委、省科协"
    assert lines[1] == "任务：二(一)3 开展科技创新后备人才培养计划"
    assert "省教育厅、省科协" in lines[2] and "二(一)" in lines[2]
    assert "（省教育厅、团省委、省科协按职责分工负责）" in answer.text
    assert "已届满" in answer.text and any("已届满" in n for n in answer.notices)


def test_every_quote_is_verbatim(chain, library):
    source = squeeze((ROOT / "ingest/corpus/notices" / f"{KEY}.txt").read_text(encoding="utf-8"))
    for case in PLAIN[::3]:
        for citation in chain.invoke(case["q"]).citations:
            assert squeeze(citation.quote) in source


def test_a_lead_question_gets_only_leads(chain):
    answer = chain.invoke("智慧助老服务谁牵头")
    assert {(d.path, d.department, d.role.value) for d in answer.duties} == {("二(四)", "省卫生健康委", "lead")}


def test_a_clause_without_departments_says_so(chain):
    answer = chain.invoke("完善表彰奖励机制由谁负责")
    assert answer.kind == "duty" and answer.duties == () and "未写明责任部门" in answer.text
    assert answer.citations[0].locator == "四(二)1"


def test_both_roles_of_the_one_item_that_has_both(chain):
    answer = chain.invoke("二(二)4由谁负责")
    own = [(d.department, d.role.value) for d in answer.duties if d.path == "二(二)4"]
    names = ["省农业农村厅", "省科技厅", "省民宗局", "省科协"]
    assert own == [(n, "lead") for n in names] + [(n, "responsible") for n in names]


def test_no_reminder_while_the_plan_runs(library):
    from datetime import date

    from assistant import KepuChain

    assert KepuChain(library, lambda: date(2024, 5, 1)).invoke("智慧助老谁负责").notices == ()


def test_a_wrong_premise_is_corrected(chain):
    answer = chain.invoke("省统计局牵头的科技馆年报是怎么规定的")
    assert answer.kind == "duty"
    assert "方案没有写省统计局牵头" in answer.text.split("\n")[0]
    assert {d.department for d in answer.duties if d.path == "三(三)1"} == {"省市场监管局", "省统计局", "省科协"}
