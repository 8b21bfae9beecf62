"""What is asked on after a card stays with that card, and what it does not say is said so."""

from uuid import uuid4

import pytest


@pytest.fixture
def say(talking):
    session = uuid4().hex
    return lambda said: talking.invoke({"question": said, "session": session})


@pytest.mark.parametrize(
    ("first", "asked", "says"),
    [
        ("老人家的流感针是不是年年都要打", "那细伢子呢", "6个月"),
        ("老人家的流感针是不是年年都要打", "上哪儿打", "卫生院"),
        ("一进厨房好大一股煤气味，怎么搞", "该打哪个电话", "119"),
        ("地震来了往哪躲", "要是在外面呢", "空旷"),
        ("天天喝醋能把血管泡软，真的假的", "那红酒呢", "红酒也不行"),
        ("老伴突然嘴歪了，一只手抬不起来", "救护车还没到，做点啥", "平躺"),
    ],
)
def test_a_question_without_a_subject_stays_with_the_card(say, first, asked, says):
    card = say(first).card
    answer = say(asked)
    assert answer.kind == "science" and answer.card == card and says in answer.text


def test_what_the_card_does_not_say_is_said_so_with_whom_to_ask(say):
    say("脚上给狗咬了一口咋办")
    answer = say("要多少钱")
    assert answer.card == "health-dog-bite" and "没写" in answer.text and "12320" in answer.text


def test_another_matter_leaves_the_card(say):
    say("隔夜菜能不能吃")
    assert say("那隔夜的开水嘞").card == "rumor-overnight-water"
    assert say("智慧助老归谁").kind == "duty"


def test_an_emergency_told_after_a_card_comes_first(say):
    say("天为什么是蓝的")
    assert "120" in say("我爸胸口压着痛直冒冷汗").text
