"""Follow-ups are understood from the session, and only from it."""

from datetime import date
from uuid import uuid4

import pytest

from assistant import KepuChain
from vectorstore.inbox import Inbox
from vectorstore.state import StateStore


@pytest.fixture
def say(talking):
    session = uuid4().hex
    return lambda said: talking.invoke({"question": said, "session": session})


def test_the_scene_of_an_official(say):
    assert "2项任务" in say("省农科院有哪些任务").text
    assert {d.path for d in say("第二条还有谁").duties if d.role == "responsible"} == {"二(二)3"}
    answer = say("都没有牵头的吗")
    assert [(d.path, d.department, d.role.value) for d in answer.duties] == [("二(二)", "省农业农村厅", "lead")]


def test_a_number_picks_a_choice(say):
    asked_back = say("科普活动谁负责")
    assert asked_back.kind == "clarify" and 2 <= len(asked_back.suggestions) <= 4
    answer = say("2")
    assert answer.kind == "duty" and answer.duties and answer.duties[0].title in asked_back.suggestions[1]


def test_two_sessions_never_mix(talking):
    a, b = uuid4().hex, uuid4().hex
    talking.invoke({"question": "智慧助老归谁", "session": a})
    talking.invoke({"question": "银龄科普行动归谁", "session": b})
    assert talking.invoke({"question": "谁牵头", "session": a}).duties[0].path == "二(四)"
    assert "智慧助老" in talking.invoke({"question": "原文怎么说的", "session": a}).text
    assert "银龄科普" in talking.invoke({"question": "原文怎么说的", "session": b}).text


def test_without_a_session_nothing_is_remembered(talking):
    talking.invoke("智慧助老归谁")
    assert talking.invoke("它归谁").kind == "clarify"


def test_the_same_turns_go_on_after_a_restart(library, tmp_path):
    def chain():
        return KepuChain(library, lambda: date(2026, 11, 24), StateStore(tmp_path))

    chain().invoke({"question": "微信群消息太吵怎么关", "session": "甲"})
    assert chain().invoke({"question": "下一步", "session": "甲"}).step == 2


def test_a_long_session_stays_small_and_quick(library, tmp_path):
    store = StateStore(tmp_path)
    chain = KepuChain(library, lambda: date(2026, 11, 24), store)
    for n in range(300):
        chain.invoke({"question": ("智慧助老归谁", "省科协有哪些任务", "第二条还有谁")[n % 3], "session": "甲"})
    assert len(str(store.get("甲"))) < 6000


def test_our_department_is_the_one_that_was_said(say, library):
    assert say("我单位有哪些任务").kind == "clarify"
    say("我是省气象局的")
    assert {d.department for d in say("我单位有几项任务").duties} == {"省气象局"}
    configured = KepuChain(library, lambda: date(2026, 11, 24), unit="省妇联")
    assert {d.department for d in configured.invoke("我单位有哪些任务").duties} == {"省妇联"}


@pytest.mark.parametrize("said", ["删除记录", "请删除聊天记录。", "清空我的对话记录"])
def test_a_word_deletes_the_conversation_and_says_so(library, tmp_path, said):
    store, inbox = StateStore(tmp_path), Inbox(tmp_path)
    chain = KepuChain(library, lambda: date(2026, 11, 24), store, inbox=inbox)
    chain.invoke({"question": "省里今年科普经费一共多少钱", "session": "mine"})
    chain.invoke({"question": "省科协牵头哪些工作", "session": "other"})
    assert store.get("mine") and inbox.items()
    answer = chain.invoke({"question": said, "session": "mine"})
    assert answer.kind == "chat" and answer.text.startswith("已删除")
    assert store.get("mine") == {} and inbox.items() == []
    assert store.get("other")


def test_asking_how_to_delete_records_on_a_phone_deletes_nothing(library, tmp_path):
    store = StateStore(tmp_path)
    chain = KepuChain(library, lambda: date(2026, 11, 24), store)
    chain.invoke({"question": "怎么删除微信聊天记录", "session": "mine"})
    assert store.get("mine")
