"""What a department has to do: every duty of every department, counted by distinct clauses."""

import pytest
import yaml

from tests.conftest import ROOT

TABLE = yaml.safe_load((ROOT / "evals/truth/赣府发〔2021〕29号.yaml").read_text(encoding="utf-8"))["clauses"]
DEPARTMENTS = sorted({d for c in TABLE for d in (*c["leads"], *c["responsible"])})


def test_there_are_31_of_them():
    assert len(DEPARTMENTS) == 31


@pytest.mark.parametrize("wording", ["{}有哪些任务", "{}负责什么", "请问{}在方案里要做哪些工作"])
@pytest.mark.parametrize("name", DEPARTMENTS)
def test_the_list_is_complete_and_exact(chain, name, wording):
    answer = chain.invoke(wording.format(name))
    want = {(c["path"], role) for c in TABLE for role in ("leads", "responsible") if name in c[role]}
    got = {(d.path, {"lead": "leads"}.get(d.role.value, d.role.value)) for d in answer.duties}
    assert got == want and {d.department for d in answer.duties} == {name}
    items = {p for p, _ in want if not p.endswith(")")}
    assert f"共参与{len(items)}项任务" in answer.text


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("科协", "省科协"), ("工信厅", "省工业和信息化厅"), ("卫健委", "省卫生健康委"), ("市监局", "省市场监管局"),
        ("人社厅", "省人力资源社会保障厅"), ("共青团江西省委", "团省委"), ("省科学技术协会", "省科协"), ("文旅厅", "省文化和旅游厅"),
        ("环保厅", "省生态环境厅"), ("卫计委", "省卫生健康委"),
    ],
)  # fmt: skip
def test_short_and_former_names_mean_the_same_department(chain, said, name):
    assert {d.department for d in chain.invoke(f"{said}有哪些任务").duties} == {name}


def test_an_ambiguous_name_is_asked_back(chain):
    answer = chain.invoke("社科有哪些任务")
    assert answer.kind == "clarify" and answer.duties == ()
    assert any("省社联" in s for s in answer.suggestions) and any("省社科院" in s for s in answer.suggestions)


@pytest.mark.parametrize("name", ["省公安厅", "省外办", "省水利厅", "省某某厅"])
def test_a_department_that_is_not_in_the_plan_is_said_not_to_be(chain, name):
    answer = chain.invoke(f"{name}在方案里负责什么")
    assert answer.refusal == "not_in_sources" and answer.duties == ()
    assert name in answer.text


def test_only_leads_when_leads_are_asked_for(chain):
    answer = chain.invoke("牵头单位是省科协的有哪些")
    paths = {"二(一)", "三(一)", "三(二)", "三(三)", "三(四)", "三(五)", "二(二)4"}
    assert {d.path for d in answer.duties} == paths and {d.role.value for d in answer.duties} == {"lead"}


def test_a_short_english_question(chain):
    answer = chain.invoke("How many tasks does the provincial education department have?")
    assert "14项任务" in answer.text and {d.department for d in answer.duties} == {"省教育厅"}
