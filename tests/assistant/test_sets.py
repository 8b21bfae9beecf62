"""Questions about sets of duties: every word that joins, leaves out, measures or orders is heard, or asked back."""

import pytest
import yaml

from tests.conftest import ROOT

TABLE = yaml.safe_load((ROOT / "evals/truth/赣府发〔2021〕29号.yaml").read_text(encoding="utf-8"))["clauses"]
TASKS = {c["path"]: {*c["responsible"], *c["leads"]} for c in TABLE if c["responsible"]}
HEADINGS = {c["path"]: set(c["leads"]) for c in TABLE if c["leads"] and not c["responsible"]}
THREE = {"省气象局", "省地震局", "省林业局"}


def paths(answer):
    return {d.path for d in answer.duties}


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("气象局、地震局、林业局三家都在的任务", lambda names: names >= THREE),
        ("气象局、地震局、林业局随便哪家参与的任务", lambda names: bool(names & THREE)),
        ("气象局、地震局、林业局里面至少两家参与的任务", lambda names: len(names & THREE) > 1),
        ("气象、地震、林业这三个局凑够两家的条目有哪些", lambda names: len(names & THREE) > 1),
        ("气象局、地震局都没参与的任务", lambda names: not names & {"省气象局", "省地震局"}),
        ("有林业局，但是没得地震局的条目", lambda names: "省林业局" in names and "省地震局" not in names),
        ("只由教育亭、团省委、科协三家负责，没有别人的任务", lambda names: names == {"省教育厅", "团省委", "省科协"}),
        ("科协没参加、单位超过五家的任务", lambda names: "省科协" not in names and len(names) > 5),
    ],
)
def test_departments_combine_as_the_question_says(chain, asked, fits):
    answer = chain.invoke(asked)
    want = {path for path, names in TASKS.items() if fits(names)}
    assert paths(answer) == want
    assert f"{len(want)}项" in answer.text.split("\n")[0]


@pytest.mark.parametrize(
    ("asked", "want"),
    [
        ("老年人行动里没有、产业工人行动里有的部门", {"省总工会", "团省委", "省社联", "省社科院", "省人力资源社会保障厅",
                                    "省工业和信息化厅"}),
        ("五个工程都有份的部门", {"省科协", "省科技厅", "省社联"}),
        ("除了科协，哪三个部门任务最多", {"省教育厅", "省科技厅", "省社联"}),
        ("任务比妇联少的部门", {"省民宗局", "省统计局", "省财政厅", "省农科院", "省社科院"}),
        ("任务在10条以上、一个行动工程都不牵头的部门", {"省社联", "团省委"}),
        ("和科技厅任务一样多的部门", {"省教育厅", "省科技厅"}),
    ],
)  # fmt: skip
def test_departments_are_chosen_by_place_and_number(chain, asked, want):
    assert {d.department for d in chain.invoke(asked).duties} == want


def test_a_lead_is_counted_for_actions_and_projects_when_these_are_asked_for(chain):
    led = {path for path, leads in HEADINGS.items() if "省科协" in leads}
    assert paths(chain.invoke("科协牵头的行动和工程有哪些")) == led
    assert paths(chain.invoke("十个行动和工程里哪些不是科协牵头的")) == set(HEADINGS) - led


def test_the_first_sentence_says_how_the_question_was_understood(chain):
    head = chain.invoke("第二部分里教育厅、团省委都参加，但科协没参加的任务").text.split("\n")[0]
    for words in ("五项提升行动", "省教育厅、团省委都参与", "没有省科协参与", "2项"):
        assert words in head


def test_a_rank_and_a_gap_are_said(chain):
    assert "排第7" in chain.invoke("团省委的任务数排第几").text
    assert "多1项" in chain.invoke("广电局比应急厅多几条").text


def test_what_was_not_understood_is_asked_back(chain):
    answer = chain.invoke("哪几条是教育厅排第一位的")
    assert answer.kind == "clarify" and "省教育厅" in answer.text and not answer.duties


def test_named_things_of_one_kind_are_listed(chain):
    answer = chain.invoke("提升基层科普服务能力那条提到的“日”和“周”都有什么").text
    assert "全国科普日" in answer and "双创活动周" in answer and "社科大讲堂" not in answer
