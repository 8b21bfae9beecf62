"""The clients that people really use: the openai package and LangChain's ChatOpenAI."""

import httpx
import openai
import pytest
from langchain_openai import ChatOpenAI

from tests.ui.conftest import KEY

WHO = "智慧助老服务由哪些部门负责"


@pytest.fixture(scope="module")
def client(keyed):
    return openai.OpenAI(base_url=f"{keyed}/v1", api_key=KEY, max_retries=0)


def ask(client, *said, **more):
    messages = [{"role": "user" if n % 2 == 0 else "assistant", "content": s} for n, s in enumerate(said)]
    return client.chat.completions.create(model="kepu", messages=messages, **more)


def test_the_openai_client_gets_an_answer(client):
    whole = ask(client, WHO, temperature=0.2, max_tokens=5, top_p=0.5)
    said = whole.choices[0].message.content
    assert said.startswith("责任部门：省委宣传部") and said.endswith("（查自方案原文）")
    assert whole.choices[0].finish_reason == "stop" and whole.usage.completion_tokens >= 1


def test_the_openai_client_gets_the_same_answer_streamed(client):
    chunks = list(ask(client, WHO, stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == ask(client, WHO).choices[0].message.content
    assert [c.choices[0].finish_reason for c in chunks][-1] == "stop"
    assert all(c.usage is None for c in chunks)


def test_the_usage_chunk_comes_only_when_asked_for(client):
    *_, last = ask(client, WHO, stream=True, stream_options={"include_usage": True})
    assert last.choices == [] and last.usage.completion_tokens >= 1


def test_the_model_is_listed(client):
    assert [m.id for m in client.models.list()] == ["kepu"]
    assert client.models.retrieve("kepu").id == "kepu"


def test_langchain_gets_an_answer_and_a_stream(keyed):
    model = ChatOpenAI(base_url=f"{keyed}/v1", api_key=KEY, model="kepu", max_retries=0)
    assert "省民政厅" in model.invoke(WHO).content
    assert "省民政厅" in "".join(str(chunk.content) for chunk in model.stream(WHO))


def test_a_follow_up_is_understood_from_the_history_alone(client):
    first = ask(client, "省农科院有哪些任务").choices[0].message.content
    second = ask(client, "省农科院有哪些任务", first, "第二条还有谁").choices[0].message.content
    assert "二(二)3" in second
    assert (
        "省农业农村厅"
        in ask(client, "省农科院有哪些任务", first, "第二条还有谁", second, "谁牵头").choices[0].message.content
    )


def test_a_follow_up_is_understood_after_a_client_has_cut_the_beginning_off(client):
    cut = ask(client, "您好呀，先打个招呼", "您好", "省农科院有哪些任务", "……", "第二条还有谁")
    assert "二(二)3" in cut.choices[0].message.content


def test_two_conversations_under_one_key_do_not_mix(client):
    ask(client, "省农科院有哪些任务")
    ask(client, "省科协牵头哪些工作")
    assert "省农科院" in ask(client, "省农科院有哪些任务", "……", "第二条还有谁").choices[0].message.content


def test_histories_that_begin_alike_never_mix(client):
    ask(client, "微信群消息太吵怎么关", "……", "下一步", "……", "下一步")
    assert "第2步" in ask(client, "微信群消息太吵怎么关", "……", "下一步").choices[0].message.content


def test_list_content_tools_and_unknown_keys_are_accepted(keyed):
    body = {
        "model": "gpt-4o", "tools": [], "tool_choice": "auto", "seed": 1, "presence_penalty": 0.1, "whatever": {},
        "messages": [
            {"role": "system", "content": "你是助手"},
            {"role": "user", "content": [{"type": "text", "text": WHO}, {"type": "image_url", "image_url": {"url": "x"}}]},
        ],
    }  # fmt: skip
    answer = httpx.post(f"{keyed}/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {KEY}"}).json()
    assert "省民政厅" in answer["choices"][0]["message"]["content"]
    assert answer["model"] == "gpt-4o"


def test_an_empty_question_still_gets_words_and_a_stream_ends_with_done(keyed):
    headers = {"Authorization": f"Bearer {KEY}"}
    body = {"messages": [{"role": "user", "content": ""}], "stream": True}
    said = httpx.post(f"{keyed}/v1/chat/completions", json=body, headers=headers).text
    assert said.endswith("data: [DONE]\n\n") and "您想问什么" in said


def test_faults_come_in_the_form_that_the_client_knows(client, keyed):
    with pytest.raises(openai.AuthenticationError) as wrong:
        openai.OpenAI(base_url=f"{keyed}/v1", api_key="wrong", max_retries=0).models.list()
    assert "密钥" in wrong.value.body["message"]
    for messages in ([], [{"role": "system", "content": "x"}], [{"role": "user", "content": "长" * 2001}], "x"):
        with pytest.raises(openai.BadRequestError) as refused:
            client.chat.completions.create(model="kepu", messages=messages)
        assert refused.value.body["message"]
