"""WeCom: the application's callback, and the bot whose answers are asked for until they are finished."""

import json
import time
from xml.etree import ElementTree

import httpx
import pytest
from wechatpy.enterprise.crypto import WeChatCrypto

from tests.ui.channels.platform import AES_KEY, TOKEN, Platform, xml
from tests.ui.channels.test_wechat import kept
from ui.channels.crypto import Envelope, read_key, sign

CORP = "ww1436e0e65a779aee"
WHO = "智慧助老服务由哪些部门负责"
LONG = "省科协有哪些任务"
BOT = Envelope(TOKEN, "", (read_key(AES_KEY),))
APP = Envelope(TOKEN, CORP, BOT.keys)


@pytest.fixture(scope="module")
def wecom(service):
    app = {"wecom_token": TOKEN, "wecom_corpid": CORP, "wecom_aes_key": AES_KEY}
    with service(**app, wecom_bot_token=TOKEN, wecom_bot_aes_key=AES_KEY) as url:
        yield url


@pytest.fixture
def app(wecom):
    return Platform(wecom, AES_KEY, "/wecom", CORP)


def verified(url, envelope):
    sealed, now = envelope.seal("1616140317555161061", envelope.keys[0]), str(int(time.time()))
    query = {"msg_signature": sign(TOKEN, now, "1", sealed), "timestamp": now, "nonce": "1", "echostr": sealed}
    assert httpx.get(url, params={**query, "msg_signature": "0" * 40}).status_code == 403
    assert httpx.get(url).status_code == 403
    return httpx.get(url, params=query).text


def test_both_addresses_are_verified(wecom):
    assert verified(f"{wecom}/wecom", APP) == "1616140317555161061"
    assert verified(f"{wecom}/wecom/bot", BOT) == "1616140317555161061"


def test_the_app_answers_in_plain_text_and_goes_on(app):
    said = app.say(WHO)
    assert said.startswith("责任部门：省委宣传部") and "<a " not in said
    first = app.say(LONG, "o_long")
    assert "继续" in first and "省科协" in first
    assert app.say("继续", "o_long") not in ("", first)
    again = xml(Content=WHO)
    assert app.deliver(again) == app.deliver(again)


def test_the_apps_events_and_other_messages_are_answered(app):
    assert WHO in app.deliver(xml(MsgType="event", Event="enter_agent", MsgId=""))
    assert "责任部门" in app.deliver(xml(MsgType="event", Event="click", EventKey=WHO, MsgId=""))
    assert "图片" in app.deliver(xml(MsgType="image", MediaId="m"))
    assert app.post(xml(MsgType="event", Event="never_heard_of", MsgId="")).text == ""


def test_another_implementation_reads_what_the_app_replies(app):
    answer = app.post(xml(Content=WHO))
    fields = [ElementTree.fromstring(answer.text).findtext(n) for n in ("MsgSignature", "TimeStamp", "Nonce")]
    assert "省委宣传部" in WeChatCrypto(TOKEN, AES_KEY, CORP).decrypt_message(answer.text, *fields)


def test_the_app_refuses_what_is_not_sealed_for_it(wecom):
    assert Platform(wecom, AES_KEY, "/wecom", "ww0000000000000000").post(xml(Content=WHO)).status_code == 403
    assert Platform(wecom, None, "/wecom").post(xml(Content=WHO)).status_code == 403
    assert Platform(wecom, None, "/wecom").post("<xml").status_code == 400


def send(wecom, message, **more):
    """The bot's reply to a message, opened; None when it is empty."""
    now, sealed = str(int(time.time())), BOT.seal(json.dumps(message), BOT.keys[0])
    query = {"msg_signature": sign(TOKEN, now, "1", sealed), "timestamp": now, "nonce": "1", **more}
    answer = httpx.post(f"{wecom}/wecom/bot", params=query, json={"encrypt": sealed})
    assert answer.status_code == 200, answer.text
    if not answer.text:
        return None
    body = answer.json()
    assert body["msgsignature"] == sign(TOKEN, str(body["timestamp"]), body["nonce"], body["encrypt"])
    return json.loads(BOT.open(body["encrypt"]).message)


def finished(wecom, reply):
    while not reply["stream"]["finish"]:
        reply = send(wecom, {"msgtype": "stream", "stream": {"id": reply["stream"]["id"]}})
    return reply["stream"]


def asked(said, msgid, user="甲"):
    return {"msgid": msgid, "aibotid": "B", "from": {"userid": user}, "msgtype": "text", "text": {"content": said}}


def test_the_bot_streams_an_answer_and_gives_it_again_when_asked_again(wecom):
    first = finished(wecom, send(wecom, asked(WHO, "m1")))
    assert first["content"].startswith("**责任部门**：省委宣传部") and len(first["content"].encode()) <= 20480
    assert finished(wecom, send(wecom, asked(WHO, "m1"))) == first
    assert finished(wecom, send(wecom, {"msgtype": "stream", "stream": {"id": first["id"]}})) == first


def test_the_bot_keeps_conversations_apart_and_moves_once_for_a_message_delivered_twice(wecom):
    finished(wecom, send(wecom, asked("群里消息太吵，怎么让它不响", "m2")))
    finished(wecom, send(wecom, asked("省农科院有哪些任务", "m3", "乙")))
    for _ in range(2):
        assert "第2步" in finished(wecom, send(wecom, asked("下一步", "m4")))["content"]
    assert "二(二)3" in finished(wecom, send(wecom, asked("第二条还有谁", "m5", "乙")))["content"]


def test_the_bot_greets_who_enters_and_explains_what_it_cannot_read(wecom):
    greeting = send(wecom, {"msgid": "e1", "msgtype": "event", "event": {"eventtype": "enter_chat"}})
    assert greeting["msgtype"] == "text" and WHO in greeting["text"]["content"]
    assert send(wecom, {"msgid": "e2", "msgtype": "event", "event": {"eventtype": "feedback_event"}}) is None
    image = send(wecom, {"msgid": "i1", "msgtype": "image", "from": {"userid": "甲"}, "image": {"url": "x"}})
    assert image["stream"]["finish"] and "图片" in image["stream"]["content"]


def test_a_stream_that_nobody_answers_is_ended_with_words(wecom):
    lost = send(wecom, {"msgtype": "stream", "stream": {"id": "of-a-server-that-is-gone"}})["stream"]
    assert lost["finish"] and "再发一次" in lost["content"]


def test_the_bot_refuses_what_is_forged_or_cannot_be_read(wecom):
    def status(body, **query):
        now = str(int(time.time()))
        return httpx.post(
            f"{wecom}/wecom/bot", params={"timestamp": now, "nonce": "1", **query}, content=body
        ).status_code

    assert status(b'{"encrypt": "AAAA"}', msg_signature="0" * 40) == 403
    for body in (b"", b"[]", b"{}", b"[" * 5000, b"\xff"):
        assert status(body, msg_signature="0" * 40) == 400
    assert status(b"x" * 10_000_000) == 413


LONG_AGO = str(int(time.time()) - 3600)
NESTED = "<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>"
BOMB = '<!DOCTYPE x [<!ENTITY a "a">]><xml><Content>&a;</Content></xml>'
DEEP = "[" * 20_000


def of_app(message, envelope=APP):
    """What the platform posts to the app with a message sealed for it, and the sealed part."""
    sealed = envelope.seal(message, envelope.keys[0])
    return f"<xml><Encrypt>{sealed}</Encrypt></xml>", sealed


def of_bot(message, envelope=BOT):
    """The same for the bot."""
    sealed = envelope.seal(message, envelope.keys[0])
    return json.dumps({"encrypt": sealed}), sealed


OTHER_KEY = (bytes(range(32)),)
QUESTION = json.dumps(asked(WHO, "bad"))


@pytest.mark.parametrize(
    ("path", "status", "made", "query"),
    [
        ("/wecom", 400, (BOMB, ""), {}),
        ("/wecom", 403, (NESTED, ""), {}),
        ("/wecom", 400, ("\ud800", ""), {}),
        ("/wecom", 400, of_app(BOMB), {}),
        ("/wecom", 400, of_app(NESTED), {}),
        ("/wecom", 400, of_app("<xml></xml>"), {}),
        ("/wecom", 403, (xml(Content=WHO), ""), {}),
        ("/wecom", 403, of_app(xml(Content=WHO)), {"msg_signature": "0" * 40}),
        ("/wecom", 403, of_app(xml(Content=WHO)), {"msg_signature": "é"}),
        ("/wecom", 403, of_app(xml(Content=WHO)), {"timestamp": LONG_AGO}),
        ("/wecom", 403, of_app(xml(Content=WHO)), {"timestamp": "9" * 5000}),
        ("/wecom", 403, of_app(xml(Content=WHO), Envelope(TOKEN, "ww0000000000000000", BOT.keys)), {}),
        ("/wecom", 403, of_app(xml(Content=WHO), Envelope(TOKEN, CORP, OTHER_KEY)), {}),
        ("/wecom", 403, ("<xml><Encrypt>%%%</Encrypt></xml>", "%%%"), {}),
        ("/wecom", 413, ("x" * 100_000, ""), {}),
        ("/wecom/bot", 400, (DEEP, ""), {}),
        ("/wecom/bot", 400, ('{"encrypt": "\ud800"}', ""), {}),
        ("/wecom/bot", 400, of_bot(DEEP), {}),
        ("/wecom/bot", 400, of_bot("{}"), {}),
        ("/wecom/bot", 400, of_bot(json.dumps({**asked(WHO, "bad"), "msgid": "m" * 5000})), {}),
        ("/wecom/bot", 403, of_bot(QUESTION), {"msg_signature": "0" * 40}),
        ("/wecom/bot", 403, of_bot(QUESTION), {"timestamp": LONG_AGO}),
        ("/wecom/bot", 403, of_bot(QUESTION, Envelope(TOKEN, "", OTHER_KEY)), {}),
        ("/wecom/bot", 403, ('{"encrypt": "AAAA"}', "AAAA"), {}),
        ("/wecom/bot", 413, ("x" * 100_000, ""), {}),
    ],
)
def test_bad_input_is_refused_in_under_a_tenth_of_a_second_and_nothing_of_it_is_kept(
    wecom, state, path, status, made, query
):
    body, sealed = made
    timestamp = query.get("timestamp", str(int(time.time())))
    signed = {"msg_signature": sign(TOKEN, timestamp, "1", sealed), "timestamp": timestamp, "nonce": "1", **query}
    before = kept(state)
    raw = body.encode("utf-8", "surrogatepass")
    answers = [httpx.post(wecom + path, params=signed, content=raw) for _ in range(3)]
    assert [a.status_code for a in answers] == [status] * 3
    assert min(a.elapsed.total_seconds() for a in answers) < 0.1
    assert kept(state) == before
