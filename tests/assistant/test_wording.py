"""Answers worded by a chat model: a real client, a real server that answers well, badly, late or not at all."""

import json
import time
from datetime import date

import pytest

from assistant import KepuChain
from assistant.model import open_model
from assistant.wording import Mode, Worder
from evals.generated.server import Reply, model_server, says

ALCOHOL = "大人喝酒一天最多喝多少酒精"
AGED = "智慧助老服务由哪些部门负责"
GOOD = "酒能不喝就不喝[1]。大人要喝，一天的酒精不超过15克[1]。"
LABEL = "（内容由AI生成）"
KEY = "sk-test-not-to-be-seen-anywhere"


def worded_chain(library, server, mode=Mode.ALWAYS, deadline=8.0):
    model = open_model(server.url, "scripted", KEY, deadline)
    return KepuChain(library, lambda: date(2026, 11, 24), worder=Worder(model, "scripted", mode, deadline))


def ask(library, reply, question=ALCOHOL, **kwargs):
    """The answer when the model gives `reply` (one, or several in turn), as an object."""
    script = reply if isinstance(reply, list) else [reply]
    with model_server(*script) as server:
        answer = worded_chain(library, server, **kwargs).invoke(question).to_dict()
    return answer, server.asked


def composed(chain, question=ALCOHOL):
    return chain.invoke(question).to_dict()


def test_what_the_model_says_of_a_card_is_shown_with_the_warning_the_source_and_the_label(library, chain):
    answer, asked = ask(library, says(GOOD))
    assert answer["text"].startswith("酒能不喝就不喝。\n大人要喝，一天的酒精不超过15克。")
    assert "[1]" not in answer["text"]
    assert "马上打120" in answer["text"]
    assert "来源：" in answer["text"]
    assert answer["text"].endswith(LABEL)
    assert answer["markdown"].endswith(LABEL)
    assert answer["generated_by"] == "llm:scripted"
    assert answer["citations"] == composed(chain)["citations"]
    assert answer["wording"]["prompt"] == "word-plain"
    assert len(answer["wording"]["digest"]) == 12
    assert (answer["wording"]["input_tokens"], answer["wording"]["output_tokens"]) == (100, 20)
    assert len(asked) == 1


def test_departments_of_a_duty_answer_are_the_registers_whatever_the_model_says(library, chain):
    plain = composed(chain, AGED)
    for said in ("教老年人学智能技术，帮助老年人跨越数字鸿沟[1]。", "这项任务由省财政厅、省公安厅负责[1]。"):
        answer, _ = ask(library, says(said), AGED)
        assert answer["duties"] == plain["duties"]
        assert answer["text"].startswith(plain["text"].split("\n提醒")[0])
        assert "省财政厅" not in answer["text"]
        assert "省公安厅" not in answer["text"]
    answer, asked = ask(library, says("教老年人学智能技术，帮助老年人跨越数字鸿沟[1]。"), AGED)
    assert "帮助老年人跨越数字鸿沟。" in answer["text"]
    assert "省广电局" not in asked[0]["body"]["messages"][0]["content"]


WRONG = {
    "a department that is not in the source": "省财政厅规定，大人要喝，一天的酒精不超过15克[1]。",
    "an invented number": "大人要喝，一天的酒精不超过25克[1]。",
    "no citation": "大人要喝，一天的酒精不超过15克。",
    "a citation of nothing": "大人要喝，一天的酒精不超过15克[7]。",
    "the opposite": "喝酒能防病，也能治病[1]。",
    "an invented hotline": "喝醉后叫不醒，马上打12320[1]。",
    "something of its own": "红酒里的白藜芦醇可以软化血管延缓衰老[1]。",
    "a polite opening": "好的，以下是为您整理的内容：\n" + GOOD,
    "another language": "Adults should not drink more than fifteen grams of alcohol a day[1].",
    "its own instructions": "你是改写员。只把资料里已经写明的话改写得好懂[1]。",
    "an address": "酒能不喝就不喝，详见http://example.com/x[1]。",
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG.keys())
def test_a_sentence_that_the_source_does_not_say_is_never_shown(library, chain, said):
    answer, asked = ask(library, says(said))
    assert answer["text"] == composed(chain)["text"]
    assert answer["generated_by"] == "composer"
    assert answer["wording"]["outcome"].startswith("unfit_")
    assert len(asked) == 2


def test_a_role_that_the_clause_does_not_give_is_never_shown(library, chain):
    question = "公民具备科学素质的比例目标是多少"
    answer, _ = ask(library, says("由省科协牵头，到2025年公民具备科学素质的比例力争达到15%[1]。"), question)
    assert answer["wording"]["outcome"].startswith("unfit_")
    assert answer["text"] == composed(chain, question)["text"]


def test_a_wrong_sentence_is_repaired_once_and_the_model_is_told_what_was_wrong(library):
    answer, asked = ask(library, [says(WRONG["an invented number"]), says(GOOD)])
    assert answer["generated_by"] == "llm:scripted"
    assert "25" not in answer["text"]
    assert "25克" in asked[1]["body"]["messages"][-1]["content"]
    assert answer["wording"]["calls"] == 2


FAULTS = {
    "401": (Reply(status=401), "status_401"),
    "429 for a minute": (Reply(status=429, headers={"Retry-After": "60"}), "status_429"),
    "500": (Reply(status=500), "status_500"),
    "slow first byte": (says(GOOD, wait=5), "deadline"),
    "a stream that drips": (says(GOOD, between=0.4), "deadline"),
    "a stream cut in the middle": (says("酒能不喝", cut=True), "unfit_citation"),
    "invalid JSON": (Reply(raw=b"data: {not json\n\n", headers={"Content-Type": "text/event-stream"}), "broken"),
    "an HTML page": (Reply(raw=b"<html>busy</html>"), "broken"),
    "empty content": (says(""), "empty"),
    "only thoughts": (says("<think>大人要喝，一天不超过15克</think>"), "empty"),
    "tool calls": (Reply(deltas=[{"tool_calls": [{"index": 0, "id": "t", "type": "function",
                   "function": {"name": "rm", "arguments": "{}"}}]}]), "empty"),
    "endless output": (Reply(["酒能不喝就不喝[1]。"] * 400), "endless"),
    "endless thoughts": (Reply(["<think>", *["想来想去" * 50] * 60]), "endless"),
    "garbage": (says("锟斤拷烫烫烫屯屯屯\x00\ufffd"), "unfit_citation"),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "outcome"), FAULTS.values(), ids=FAULTS.keys())
def test_a_failing_model_costs_nothing_but_its_time(library, chain, reply, outcome):
    answer, _ = ask(library, reply, deadline=1.0)
    assert answer["timing_ms"]["total"] < 4500  # the slowest of these models needs 5 seconds
    assert answer["text"] == composed(chain)["text"]
    assert answer["generated_by"] == "composer"
    assert answer["wording"]["outcome"] == outcome


def test_nobody_listening_costs_nothing(library, chain):
    with model_server(says(GOOD)) as server:
        pass
    answer = worded_chain(library, server).invoke(ALCOHOL).to_dict()
    assert answer["text"] == composed(chain)["text"]
    assert answer["wording"]["outcome"] == "refused"


def test_a_busy_server_is_tried_again_after_the_pause_it_asks_for(library):
    answer, asked = ask(library, [Reply(status=429, headers={"Retry-After": "0.5"}), says(GOOD)])
    assert answer["generated_by"] == "llm:scripted"
    assert 0.45 < asked[1]["at"] - asked[0]["at"] < 1.5


def test_a_model_that_keeps_failing_is_left_alone_for_a_while(library, chain):
    with model_server(Reply(status=401)) as server:
        asking = worded_chain(library, server)
        outcomes = [asking.invoke(ALCOHOL).wording.outcome for _ in range(6)]
    assert outcomes[0] == "status_401"
    assert outcomes[-1] == "resting"
    assert len(server.asked) <= 3


def test_thoughts_before_the_answer_are_not_shown(library):
    thinking = [{"reasoning_content": "先想一想"}, {"content": "<think>25克？"}, {"content": "不对</think>"}]
    answer, _ = ask(library, Reply(deltas=[*thinking, *({"content": c} for c in GOOD)]))
    assert answer["text"].startswith("酒能不喝就不喝。")
    assert "25" not in answer["text"]


def test_the_same_question_is_asked_of_the_model_once(library):
    with model_server(says(GOOD)) as server:
        asking = worded_chain(library, server)
        first, second = asking.invoke(ALCOHOL), asking.invoke(ALCOHOL)
    assert first.text == second.text
    assert len(server.asked) == 1
    assert second.wording.calls == 0


def test_sentences_come_as_soon_as_they_have_passed_and_the_answer_last(library):
    with model_server(says(GOOD, between=0.05)) as server:
        asking = worded_chain(library, server)
        asking.invoke("智慧助老归谁")
        server.sent.clear()
        given = [(time.monotonic(), part) for part in asking.sentences(ALCOHOL)]
    *said, (_, answer) = given
    assert [part for _, part in said] == ["酒能不喝就不喝。", "大人要喝，一天的酒精不超过15克。"]
    whole = next(at for at, delta in server.sent if "。" in delta.get("content", ""))
    assert said[0][0] - whole < 0.05, "seconds after the model's own first sentence"
    assert said[1][0] - said[0][0] > 0.1
    assert answer.generated


def test_a_wrong_second_sentence_is_not_streamed(library, chain):
    with model_server(says("酒能不喝就不喝[1]。大人要喝，一天的酒精不超过50克[1]。")) as server:
        *said, answer = worded_chain(library, server).sentences(ALCOHOL)
    assert said == ["酒能不喝就不喝。"]
    assert answer.text == composed(chain)["text"]


def test_without_being_asked_to_the_model_is_not_called_for_what_register_and_cards_answer(library, chain):
    with model_server(says(GOOD)) as server:
        asking = worded_chain(library, server, Mode.AUTO)
        for question in (ALCOHOL, AGED, "公民具备科学素质的比例目标是多少", "你好", "群里消息太吵怎么关"):
            assert asking.invoke(question).text == chain.invoke(question).text
    assert server.asked == []


def test_emergencies_and_refusals_are_never_worded(library, chain):
    with model_server(says(GOOD)) as server:
        asking = worded_chain(library, server)
        for question in ("不想活了", "着火了怎么逃", "这两天胃疼吃啥药", "我被骗了钱怎么办", "今天股票涨了吗"):
            assert asking.invoke(question).text == chain.invoke(question).text
    assert server.asked == []


def test_what_is_asked_for_verbatim_or_is_a_number_of_the_document_is_not_reworded(library, chain):
    with model_server(says(GOOD)) as server:
        asking = worded_chain(library, server)
        for question in ("二(四)1原文", "方案的文号是多少", "省科协牵头哪些工作", "哪个部门任务最多"):
            assert asking.invoke(question).text == chain.invoke(question).text
    assert server.asked == []


def test_the_channels_deadline_is_kept(library, chain):
    with model_server(says(GOOD, wait=3)) as server:
        asking, plain = worded_chain(library, server), composed(chain)
        begun = time.monotonic()
        answer = asking.invoke(ALCOHOL, {"configurable": {"deadline": 0.5}})
    assert time.monotonic() - begun < 0.9
    assert answer.text == plain["text"]


def test_the_prompt_holds_no_key_and_the_question_is_masked(library):
    _, asked = ask(library, says(GOOD), "我手机13812345678，大人喝酒一天最多喝多少酒精")
    sent = json.dumps(asked[0]["body"], ensure_ascii=False)
    assert KEY not in sent
    assert asked[0]["key"] == f"Bearer {KEY}"
    assert "13812345678" not in sent
    assert asked[0]["body"]["max_tokens"] == 2000
    assert "max_completion_tokens" not in asked[0]["body"]
