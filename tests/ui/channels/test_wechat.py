"""What a user of the Official Account sees, with WeChat's side played against a real server."""

import sqlite3
import threading
import time
from contextlib import closing

import httpx
import pytest

from tests.ui.channels.platform import AES_KEY, APPID, OLD_KEY, TOKEN, Platform, links, xml
from ui.channels.crypto import sign

WHO = "智慧助老服务由哪些部门负责"
LONG = "省科协有哪些任务"


@pytest.fixture(scope="module")
def one(service):
    with service(wechat_token=TOKEN, wechat_appid=APPID) as url:
        yield url


@pytest.fixture(scope="module", params=["one", pytest.param("several", marks=pytest.mark.slow)])
def plain(request):
    """One process, or several behind nginx."""
    found = request.getfixturevalue(request.param)
    return found if request.param == "one" else found.url


@pytest.fixture(scope="module")
def sealed(service):
    keys = {"wechat_aes_key": AES_KEY, "wechat_aes_key_old": OLD_KEY}
    with service(wechat_token=TOKEN, wechat_appid=APPID, **keys) as url:
        yield url


@pytest.fixture(scope="module")
def wechat(plain):
    return Platform(plain)


def test_the_address_is_verified_with_the_official_vector(plain):
    query = {"signature": "f464b24fc39322e44b38aa78f5edd27bd1441696", "timestamp": "1714036504", "nonce": "1514711492"}
    assert (
        httpx.get(f"{plain}/wechat", params={**query, "echostr": "4375120948345356249"}).text == "4375120948345356249"
    )
    assert httpx.get(f"{plain}/wechat", params={**query, "nonce": "1", "echostr": "1"}).status_code == 403
    assert httpx.get(f"{plain}/wechat").status_code == 403


def test_an_answer_names_the_departments_first_and_says_where_it_is_from(wechat):
    said = wechat.say(WHO)
    assert said.startswith("责任部门：省委宣传部")
    assert "（查自方案原文）" in said
    assert "**" not in said


@pytest.mark.parametrize("key", [AES_KEY, OLD_KEY])
def test_in_secure_mode_the_reply_is_sealed_with_the_key_of_the_message(sealed, key):
    assert Platform(sealed, key).say(WHO).startswith("责任部门：省委宣传部")


def test_in_compatible_mode_only_the_sealed_part_counts(sealed):
    platform = Platform(sealed, AES_KEY)
    body = platform.crypto.encrypt_message(xml(Content=WHO), "1514711492", str(now := int(time.time())))
    inner = body.split("<Encrypt>")[1].split("</Encrypt>")[0]
    both = xml(Content="省科协牵头哪些工作").replace("</xml>", f"<Encrypt>{inner}</Encrypt></xml>")
    signature = sign(TOKEN, str(now), "1514711492", inner.removeprefix("<![CDATA[").removesuffix("]]>"))
    query = {"encrypt_type": "aes", "msg_signature": signature, "timestamp": str(now), "nonce": "1514711492"}
    answer = httpx.post(f"{sealed}/wechat", params=query, content=both.encode())
    assert "省委宣传部" in platform.crypto.decrypt_message(answer.text, *_signed(answer.text))


def _signed(text):
    from xml.etree import ElementTree

    reply = ElementTree.fromstring(text)
    return [reply.findtext(name) for name in ("MsgSignature", "TimeStamp", "Nonce")]


def test_a_retry_gets_the_same_answer_and_moves_nothing_on(wechat):
    wechat.say("群里消息太吵，怎么让它不响", "o_retry")
    step = xml("o_retry", Content="下一步")
    assert {wechat.deliver(step) for _ in range(3)} == {wechat.deliver(step)}
    assert wechat.say("下一步", "o_retry").startswith("第3步")


def test_deliveries_at_the_same_time_are_answered_once(wechat):
    wechat.say("群里消息太吵，怎么让它不响", "o_same")
    step, said = xml("o_same", Content="下一步"), []
    threads = [threading.Thread(target=lambda: said.append(wechat.deliver(step))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 6 and len(set(said)) == 1 and said[0].startswith("第2步")


def test_a_retry_after_a_restart_gets_the_same_answer(service, one):
    wechat = Platform(one)
    wechat.say("群里消息太吵，怎么让它不响", "o_again")
    step = xml("o_again", Content="下一步")
    said = wechat.deliver(step)
    with service(wechat_token=TOKEN, wechat_appid=APPID) as url:
        restarted = Platform(url)
        assert restarted.deliver(step) == said
        assert restarted.say("下一步", "o_again").startswith("第3步")


def test_a_long_answer_goes_on_by_tapping_or_saying_so(wechat):
    first = wechat.say(LONG, "o_long")
    (more,) = links(first)
    assert more[0] == more[2] == "继续"
    assert first.splitlines()[-1].startswith("回复“<a")
    rest = wechat.tap(more, "o_long")
    again = xml("o_long", Content="继续", bizmsgmenuid=more[1])
    assert wechat.deliver(again) == wechat.deliver(again) == rest
    assert rest not in ("", first)
    wechat.say(LONG, "o_said")
    assert wechat.say("继续", "o_said") == rest
    whole = first.rsplit("\n", 1)[0] + rest
    assert all(f"{n}. " in whole for n in range(1, 31))


def test_going_on_after_the_last_part_is_an_ordinary_message(wechat):
    wechat.say(LONG, "o_end")
    wechat.say("继续", "o_end")
    assert "省科协共参与" not in wechat.say("继续", "o_end")


def test_a_link_of_somebody_else_shows_nothing_of_his(wechat):
    (more,) = links(wechat.say(LONG, "o_owner"))
    assert "找不到" in wechat.tap(more, "o_stranger")


def test_choices_and_steps_are_tapped(wechat):
    choices = links(wechat.say("科普活动谁负责", "o_tap"))
    assert 2 <= len(choices) <= 4
    assert "责任部门" in wechat.tap(choices[0], "o_tap")
    wechat.say("科普活动谁负责", "o_tap")
    assert "责任部门" in wechat.say("2", "o_tap")
    step = wechat.say("群里消息太吵，怎么让它不响", "o_tap")
    assert [label for _, _, label in links(step)][:3] == ["下一步", "再说一遍", "没看懂"]
    assert wechat.tap(links(step)[0], "o_tap").startswith("第2步")


def test_two_users_at_the_same_time_keep_their_own_conversations(wechat):
    wechat.say("省农科院有哪些任务", "o_one")
    wechat.say("群里消息太吵，怎么让它不响", "o_two")
    assert "二(二)3" in wechat.say("第二条还有谁", "o_one")
    assert wechat.say("下一步", "o_two").startswith("第2步")


def test_what_is_not_text_is_answered_kindly(wechat):
    assert "语音" in wechat.deliver(xml(MsgType="voice", MediaId="m", Recognition=""))
    assert "责任部门" in wechat.deliver(xml(MsgType="voice", MediaId="m", Recognition=WHO))
    assert "图片" in wechat.deliver(xml(MsgType="image", MediaId="m", PicUrl="http://127.0.0.1/"))
    for kind in ("video", "location", "link", "file", "never-heard-of"):
        assert "文字" in wechat.deliver(xml(MsgType=kind))


def test_who_comes_is_greeted_who_goes_is_forgotten_and_other_events_pass(wechat):
    def event(name, user="o_event", **fields):
        return wechat.deliver(xml(user, MsgType="event", Event=name, MsgId="", **fields))

    assert links(event("subscribe"))[0][0] == WHO
    assert "责任部门" in event("CLICK", EventKey=WHO)
    wechat.say("省农科院有哪些任务", "o_event")
    assert event("unsubscribe") == ""
    assert "二(二)3" not in wechat.say("第二条还有谁", "o_event")
    for name in ("VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "never_heard_of"):
        assert event(name) == ""


def test_a_question_that_is_too_long_gets_words_and_no_fault(wechat):
    assert "太长" in wechat.say("长" * 2001)


def refused(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.elapsed.total_seconds() < 1


def test_forged_old_and_plaintext_deliveries_are_refused(plain, sealed):
    refused(Platform(plain, token="BBBBB").post(xml(Content=WHO)), 403)
    refused(Platform(plain).post(xml(Content=WHO), timestamp=str(int(time.time()) - 3600)), 403)
    refused(Platform(plain).post(xml(Content=WHO), timestamp="soon"), 403)
    refused(Platform(sealed).post(xml(Content=WHO)), 403)
    refused(Platform(sealed).post(xml(Content=WHO), encrypt_type="aes"), 403)
    refused(Platform(sealed, AES_KEY, receiver="wx0000000000000000").post(xml(Content=WHO)), 403)
    refused(Platform(sealed, AES_KEY).post(xml(Content=WHO), msg_signature="0" * 40), 403)
    refused(Platform(plain, AES_KEY).post(xml(Content=WHO)), 403)


def test_what_cannot_be_read_is_refused(plain):
    bomb = '<!DOCTYPE x [<!ENTITY a "a">]><xml><FromUserName>&a;</FromUserName></xml>'
    for body in ("", "{}", "<xml>", "<xml></xml>", bomb, "<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>"):
        refused(Platform(plain).post(body), 400)
    refused(Platform(plain).post("x" * 10_000_000), 413)
    query = {"signature": sign(TOKEN, t := str(int(time.time())), "1"), "timestamp": t, "nonce": "1"}
    refused(httpx.post(f"{plain}/wechat", params=query, content=b"<xml><Content>\xff\xfe</Content></xml>"), 400)
    refused(httpx.post(f"{plain}/wechat", params=query, content=(b"x" * 1000 for _ in range(10_000))), 413)


def test_bad_input_is_refused_in_under_a_tenth_of_a_second_and_nothing_of_it_is_kept(one, state):
    now, bomb = str(int(time.time())), '<!DOCTYPE x [<!ENTITY a "a">]><xml><Content>&a;</Content></xml>'
    old, endless = (
        {"timestamp": t, "signature": sign(TOKEN, t, "1514711492")} for t in (str(int(now) - 3600), "9" * 5000)
    )
    bad = [
        (400, bomb, {}), (400, "<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>", {}), (400, "\ud800", {}),
        (403, xml(Content=WHO), {"signature": "0" * 40}), (403, xml(Content=WHO), old),
        (403, xml(Content=WHO), endless),
        (403, xml(Content=WHO), {"encrypt_type": "aes"}), (413, "x" * 100_000, {}),
    ]  # fmt: skip
    before = kept(state)
    for status, body, query in bad:
        raw = body.encode("utf-8", "surrogatepass")
        signed = {"signature": sign(TOKEN, now, "1514711492"), "timestamp": now, "nonce": "1514711492", **query}
        answers = [httpx.post(f"{one}/wechat", params=signed, content=raw) for _ in range(3)]
        assert {a.status_code for a in answers} == {status}
        assert min(a.elapsed.total_seconds() for a in answers) < 0.1
    assert kept(state) == before


def kept(state):
    with closing(sqlite3.connect(state / "state.db")) as connection:
        return [connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("exchanges", "sessions")]


def test_without_a_token_there_is_no_such_address(open_service):
    assert httpx.post(f"{open_service}/wechat").status_code == 404
