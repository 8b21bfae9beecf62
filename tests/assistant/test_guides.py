"""A guide is given one step a message, and waits for whoever needs it."""

from uuid import uuid4

import pytest


@pytest.fixture
def say(talking):
    session = uuid4().hex
    return lambda said: talking.invoke({"question": said, "session": session})


def test_one_step_a_message_with_progress(say, library):
    card = library.current().cards["wechat-group-mute"]
    first = say("群里消息太吵，怎么让它不响")
    assert first.kind == "guide" and first.step == 1 and len(first.steps) == len(card.steps)
    assert first.text.startswith(f"第1步，共{len(card.steps)}步：") and card.steps[1].do not in first.text
    assert card.steps[0].see.rstrip("。") in first.text
    assert "下一步" in first.suggestions and "没看懂" in first.suggestions


def test_every_command_of_the_helper(say, library):
    card = library.current().cards["wechat-group-mute"]
    say("群里消息太吵，怎么让它不响")
    assert say("下一步").step == 2
    simpler = say("没看懂")
    assert simpler.step == 2 and card.steps[1].simpler.rstrip("。") in simpler.text
    assert say("再说一遍").step == 2
    assert say("上一步").step == 1
    assert say("换个办法").kind == "guide"
    for n in range(2, len(card.steps) + 1):
        assert say("下一步").step == n
    assert card.done in say("好了").text


def test_another_question_in_between_and_then_on(say):
    say("怎么在手机上挂号")
    say("下一步")
    assert say("智慧助老归谁").kind == "duty"
    assert say("接着刚才的").step == 2


def test_a_command_without_a_guide_is_asked_back(say):
    assert say("下一步").kind == "clarify"


@pytest.mark.parametrize("done", ["点开了", "搞好咯", "看到了，下面呢", "再往下", "下一布", "然后嘞", "好了，翻到了"])
def test_whoever_has_done_a_step_is_given_the_next(say, done):
    say("群里消息太吵，怎么让它不响")
    assert say(done).step == 2


@pytest.mark.parametrize("waits", ["等等我", "莫急，我慢慢找", "等一下，我找下眼镜"])
def test_whoever_needs_time_is_waited_for(say, waits):
    say("群里消息太吵，怎么让它不响")
    answer = say(waits)
    assert answer.kind == "guide" and answer.step == 1 and "慢慢来" in answer.text
    assert say("好了").step == 2


def test_a_question_amid_a_guide_is_answered_and_tells_how_to_go_on(say):
    say("家里的wifi怎么连到手机上")
    say("下一步")
    answer = say("孙子问我彩虹是怎么来的")
    assert answer.card == "rainbow" and "继续" in answer.text and "继续" in answer.suggestions
    assert say("继续").step == 2


def test_an_emergency_amid_a_guide_comes_first(say):
    say("怎么在手机上挂号")
    answer = say("好了，哎呀我胸口压着痛直冒冷汗")
    assert answer.kind == "science" and "120" in answer.text


def test_a_guide_that_was_left_goes_on_by_its_name_where_it_was(say):
    say("手机内存满了，怎么清理")
    say("下一步")
    assert say("手机字太小，怎么调大").card == "font-size-volume"
    say("好了")
    answer = say("先不弄字了，回到清内存那个")
    assert answer.card == "clean-memory" and answer.step == 2


def test_a_guide_that_was_stopped_keeps_its_step(say):
    say("群里消息太吵，怎么让它不响")
    say("下一步")
    assert say("今天不学了").kind == "guide"
    assert say("接着刚才的").step == 2


def test_a_guide_warns_of_the_fraud_that_is_told_of_it(say):
    say("看病用的医保码在哪里开通")
    say("装好了")
    assert "骗" in say("有人打电话说我医保码异常要我转账").text
    assert say("继续").step in (2, 3)
