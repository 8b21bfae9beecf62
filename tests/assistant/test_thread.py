"""What a turn about a plan points to: one picked, both, the rest, the busiest, the parts, another form, back again."""

from uuid import uuid4

import pytest


@pytest.fixture
def say(talking):
    session = uuid4().hex
    return lambda said: talking.invoke({"question": said, "session": session})


def paths(answer):
    return {d.path for d in answer.duties if d.role == "responsible"}


def test_places_in_what_was_listed(say):
    say("省社科院有几项任务")
    assert paths(say("头一条还有哪几家")) == {"二(三)1"}
    assert paths(say("第二条嘞")) == {"二(五)1"}
    assert "省社联" in say("两条里都有的是哪几家").text


def test_one_of_several_is_picked_by_its_words_and_then_both(say):
    say("志愿者队伍哪个来抓")
    assert paths(say("老年人的那个")) == {"二(四)3"}
    assert paths(say("科技志愿者的那个呢")) == {"三(四)2"}
    assert paths(say("两样都列出来，做个表给我")) == {"二(四)3", "三(四)2"}


def test_a_choice_in_a_circle_is_read(say):
    asked_back = say("科普活动归哪家管")
    assert say("选③").duties[0].title in asked_back.suggestions[2]


def test_the_others_of_a_task(say):
    say("对接国家英才计划这个事归谁")
    answer = say("除了教育厅还有谁")
    assert answer.text.startswith("除省教育厅外还有2家：团省委、省科协") and paths(answer) == {"二(一)3"}


def test_the_busiest_of_a_tasks_departments_and_its_other_tasks(say):
    say("技能中国创新行动归哪几家")
    assert "团省委" in say("这几家里谁任务最多").text.split("\n")[0]
    assert {d.department for d in say("那这家还管什么").duties} == {"团省委"}


@pytest.mark.parametrize("asked", ["它分成几块", "下设几个小项", "底下又分几条"])
def test_the_parts_of_a_heading(say, asked):
    say("科普信息化提升工程谁牵头")
    assert "共3项" in say(asked).text


def test_back_to_an_earlier_topic_whatever_came_between(say):
    say("老年人科学素质提升行动哪家牵头")
    assert say("打断一下，脐橙的黄龙病怎么防").kind == "science"
    assert paths(say("好，说回老年人那个行动，第三条谁管")) == {"二(四)3"}


@pytest.mark.parametrize(("asked", "kind"), [("弄成表", "duty"), ("那条的愿文发我看下", "fact")])
def test_another_form_of_the_same(say, asked, kind):
    say("智惠助老归谁管")
    answer = say(asked)
    assert answer.kind == kind and answer.citations[0].locator == "二(四)1"


def test_whether_a_department_is_among_them(say):
    say("应急科普归谁")
    assert say("卫健委在里头不").text.startswith("是的")
