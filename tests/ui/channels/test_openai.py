"""Bots and chat pages that speak the OpenAI API plug in by setting a base URL."""

import json
import urllib.error
import urllib.request

import pytest
from langchain_openai import ChatOpenAI
from openai import AuthenticationError, OpenAI

ASKED = "智慧助老服务由哪些部门负责"


@pytest.fixture(scope="module")
def client(address):
    return OpenAI(base_url=address + "/v1", api_key="none")


def test_the_official_client_gets_models_and_answers(client):
    assert [m.id for m in client.models.list()] == ["kepu"]
    done = client.chat.completions.create(model="kepu", messages=[{"role": "user", "content": ASKED}])
    assert done.choices[0].message.content.startswith("责任部门：")
    assert done.choices[0].finish_reason == "stop" and done.usage.completion_tokens >= 1


def test_the_official_client_streams_the_same_words(client):
    messages = [{"role": "system", "content": "简短些"}, {"role": "user", "content": [{"type": "text", "text": ASKED}]}]
    whole = client.chat.completions.create(model="kepu", messages=messages).choices[0].message.content
    chunks = list(
        client.chat.completions.create(
            model="kepu", messages=messages, stream=True, stream_options={"include_usage": True}
        )
    )
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == whole
    assert chunks[-1].usage.total_tokens > 1 and chunks[-2].choices[0].finish_reason == "stop"


def test_langchain_talks_to_it(address):
    model = ChatOpenAI(base_url=address + "/v1", api_key="none", model="kepu")
    assert "省民政厅" in model.invoke(ASKED).content
    assert "省民政厅" in "".join(chunk.content for chunk in model.stream(ASKED))


def test_a_follow_up_is_understood_from_the_history_that_comes_with_it(client):
    history = [
        {"role": "user", "content": "省农科院有哪些任务"},
        {"role": "assistant", "content": "省农科院共参与2项任务……"},
        {"role": "user", "content": "第二条还有谁"},
    ]
    said = client.chat.completions.create(model="kepu", messages=history).choices[0].message.content
    assert "二(二)3" in said


def test_histories_that_begin_alike_never_mix(client):
    def say(*said):
        messages = [{"role": "user", "content": s} for s in said]
        return client.chat.completions.create(model="kepu", messages=messages).choices[0].message.content

    say("微信群消息太吵怎么关", "下一步", "下一步")
    assert "第2步" in say("微信群消息太吵怎么关", "下一步")


@pytest.mark.parametrize("messages", [[], [{"role": "user", "content": ""}], [{"role": "system", "content": "x"}]])
def test_a_call_without_a_question_is_refused_in_a_sentence(address, messages):
    body = json.dumps({"messages": messages, "tools": [], "top_p": 1}).encode()
    request = urllib.request.Request(address + "/v1/chat/completions", body, {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 400 and json.loads(refused.value.read())["error"]["message"]


def test_with_keys_only_their_holders_are_answered(serving, home):
    url = serving(home, KEPU_API_KEYS="one, two")
    assert OpenAI(base_url=url + "/v1", api_key="two").models.list().data
    with pytest.raises(AuthenticationError):
        OpenAI(base_url=url + "/v1", api_key="three").models.list()


def test_without_keys_a_call_that_a_proxy_passed_on_is_refused(address):
    request = urllib.request.Request(address + "/v1/models", headers={"X-Forwarded-For": "203.0.113.9"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 403
