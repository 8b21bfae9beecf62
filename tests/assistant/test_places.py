"""Plans of several places in one knowledge base: each question is answered from the plan it means, and only from it."""

from datetime import date

import pytest

from assistant import KepuChain
from ingest.pipeline import ingest_paths
from tests.conftest import NOTICE, silent
from vectorstore.state import StateStore

CITY = """南昌市人民政府文件

洪府发〔2022〕8号

南昌市人民政府关于印发南昌市全民科学素质行动规划纲要实施方案(2021—2025年)的通知

南昌市全民科学素质行动规划纲要实施方案
(2021—2025年)

一、目标任务

到2025年,全市公民具备科学素质的比例达到16%。

二、重点行动

(一)青少年科学素质提升行动。

(牵头单位:市教育局、市科协)

1. 建设科学教育基地。依托科技馆建设科学教育基地30个。(市科技局、市教育局按职责分工负责)

(二)老年人科学素质提升行动。

(牵头单位:市民政局、市卫生健康委)

1. 开展智慧助老服务。在社区教老年人使用智能手机。(市民政局、市科协按职责分工负责)

南昌市人民政府办公室

2022年5月10日印发
"""
COUNTY = CITY.replace("洪府发〔2022〕8号", "区府发〔2022〕3号").replace("南昌市", "赣县区").replace("市", "区")
PROVINCE, LATER = "赣府发〔2021〕29号", "赣府发〔2026〕6号"


@pytest.fixture(scope="module")
def several(filled, tmp_path_factory):
    folder = tmp_path_factory.mktemp("places")
    library = filled(folder / "home")
    (folder / "city.txt").write_text(CITY, encoding="utf-8")
    (folder / "county.txt").write_text(COUNTY, encoding="utf-8")
    ingest_paths(library, [folder / "city.txt", folder / "county.txt"], silent)
    return KepuChain(library, lambda: date(2026, 11, 24), StateStore(folder / "home"))


def owners(answer):
    return {(d.notice, d.department) for d in answer.duties}


def test_two_places_are_answered_side_by_side_each_with_its_own_departments(several):
    answer = several.invoke("江西和南昌谁牵头老年人行动")
    assert owners(answer) == {
        (PROVINCE, "省卫生健康委"), ("洪府发〔2022〕8号", "市民政局"), ("洪府发〔2022〕8号", "市卫生健康委"),
    }  # fmt: skip
    assert answer.text.index("【江西省】") < answer.text.index("【南昌市】") and "赣县" not in answer.text
    assert {c.source for c in answer.citations} == {PROVINCE, "洪府发〔2022〕8号"}


@pytest.mark.parametrize(
    ("question", "notices"),
    [
        ("对比一下南昌和江西两个方案里青少年行动的牵头部门", {PROVINCE, "洪府发〔2022〕8号"}),
        ("南昌、赣县区的智慧助老分别由谁负责", {"洪府发〔2022〕8号", "区府发〔2022〕3号"}),
        ("各地智慧助老都由谁负责", {PROVINCE, "洪府发〔2022〕8号", "区府发〔2022〕3号"}),
        ("南昌的科学教育基地由谁建", {"洪府发〔2022〕8号"}),
        ("赣县的智慧助老归谁管", {"区府发〔2022〕3号"}),
        ("智慧助老服务由谁负责", {PROVINCE}),
        ("市里智慧助老服务由谁负责", {"洪府发〔2022〕8号"}),
    ],
)
def test_a_question_is_answered_from_the_plans_it_means(several, question, notices):
    assert {d.notice for d in several.invoke(question).duties} == notices


def test_a_question_that_names_no_place_is_answered_for_the_home_region_and_offers_the_others(several):
    answer = several.invoke("智慧助老服务由谁负责")
    assert "以上是江西省的；" in answer.text and "南昌市" in answer.text
    (offered,) = [s for s in answer.suggestions if s.startswith("南昌市")]
    assert {d.notice for d in several.invoke(offered).duties} == {"洪府发〔2022〕8号"}


def test_a_place_whose_plan_is_not_held_is_said_beside_one_that_is(several):
    answer = several.invoke("九江和南昌谁牵头老年人行动")
    assert {d.notice for d in answer.duties} == {"洪府发〔2022〕8号"} and "没有收录九江" in answer.text
    assert several.invoke("九江谁牵头老年人行动").refusal == "not_in_sources"


def test_a_department_is_the_one_of_the_place(several):
    assert owners(several.invoke("南昌的科协有哪些任务")) == {("洪府发〔2022〕8号", "市科协")}
    assert owners(several.invoke("南昌市科协有哪些任务")) == {("洪府发〔2022〕8号", "市科协")}
    assert owners(several.invoke("市科协有哪些任务")) == {("洪府发〔2022〕8号", "市科协")}
    assert owners(several.invoke("省科协有哪些任务")) == {(PROVINCE, "省科协")}


def test_another_place_is_asked_about_by_its_name_alone(several):
    for question, notice in (("智慧助老归谁管", PROVINCE), ("那南昌呢", "洪府发〔2022〕8号")):
        answer = several.invoke({"question": question, "session": "places"})
        assert {d.notice for d in answer.duties} == {notice}


def test_a_later_plan_takes_the_place_of_the_earlier_one(filled, tmp_path):
    later = NOTICE.read_text(encoding="utf-8").replace(PROVINCE, LATER).replace("2021—2025年", "2026—2030年")
    library = filled(tmp_path / "home")
    (tmp_path / "later.txt").write_text(later, encoding="utf-8")
    ingest_paths(library, [tmp_path / "later.txt"], silent)
    chain = KepuChain(library, lambda: date(2026, 11, 24))
    now = chain.invoke("智慧助老服务由谁负责")
    assert {d.notice for d in now.duties} == {LATER} and not now.notices
    for question in ("上一期方案里智慧助老服务由谁负责", "2021—2025年的方案里智慧助老服务由谁负责"):
        before = chain.invoke(question)
        assert {d.notice for d in before.duties} == {PROVINCE} and before.notices
