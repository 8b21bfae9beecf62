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
