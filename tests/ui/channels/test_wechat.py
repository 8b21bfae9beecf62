"""The Official Account as a user in WeChat meets it: one whole answer a message, whatever the network does."""

import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from uuid import uuid4
from xml.etree.ElementTree import fromstring

import pytest

from ui.channels.crypto import Crypto, sign

TOKEN, KEY, OLD, APPID = "t0ken", "k" * 43, "o" * 43, "wxba5fad812f8e6fb9"
LINK = re.compile(r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^&]+)&msgmenuid=1">([^<]+)</a>')


@pytest.fixture(scope="module")
def account(serving, home):
    return serving(home, KEPU_WECHAT_TOKEN=TOKEN)


@pytest.fixture(scope="module")
def secure(serving, home):
    return serving(
        home, KEPU_WECHAT_TOKEN=TOKEN, KEPU_WECHAT_APPID=APPID,
        KEPU_WECHAT_AES_KEY=KEY, KEPU_WECHAT_AES_KEY_OLD=OLD,
    )  # fmt: skip


def query(**more):
    said = {"timestamp": "1714036504", "nonce": "42", **more}
    return urllib.parse.urlencode({"signature": sign(TOKEN, said["timestamp"], said["nonce"]), **said})


def message(user, kind="text", id_=None, **fields):
    parts = {"ToUserName": "gh_1", "FromUserName": user, "CreateTime": "1714036504", "MsgType": kind, **fields}
    if kind != "event":
        parts["MsgId"] = id_ or uuid4().int % 10**15
    return "<xml>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in parts.items()) + "</xml>"


def post(url, body, **more):
    return urllib.request.urlopen(f"{url}/wechat?{query(**more)}", body.encode()).read().decode()


def ask(url, user, said, id_=None):
    return fromstring(post(url, message(user, Content=said, id_=id_))).findtext("Content")


def test_the_address_is_proved(account):
    url = f"{account}/wechat?{query(echostr='8315')}"
    assert urllib.request.urlopen(url).read() == b"8315"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{account}/wechat?signature=x&timestamp=1&nonce=2&echostr=3")
    assert refused.value.code == 403


def test_an_official_gets_the_departments_first_and_something_to_tap(account):
    said = ask(account, "u1", "智慧助老服务由哪些部门负责")
    assert said.startswith("责任部门：省委宣传部、省民政厅")
    assert "（查自方案原文）" in said and "**" not in said
    content, label = LINK.search(said).groups()
    assert urllib.parse.unquote(content) == label
    assert "智慧助老" in ask(account, "u1", label) or len(ask(account, "u1", label)) > 20


def test_a_retry_gets_the_same_reply_and_moves_nothing(account):
    user = "u2"
    ask(account, user, "微信群消息太吵怎么关")
    replies = [ask(account, user, "下一步", id_="777") for _ in range(3)]
    assert len(set(replies)) == 1 and "第2步" in replies[0]
    assert "第3步" in ask(account, user, "下一步", id_="778")


def test_three_deliveries_at_once_are_answered_once(account):
    ask(account, "u3", "微信群消息太吵怎么关")
    got = []
    threads = [threading.Thread(target=lambda: got.append(ask(account, "u3", "下一步", id_="900"))) for _ in range(3)]
    begun = time.monotonic()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(got)) == 1 and time.monotonic() - begun < 5


def test_two_users_never_mix(account):
    ask(account, "a", "微信群消息太吵怎么关")
    ask(account, "b", "字太小怎么放大")
    assert "群" in ask(account, "a", "再说一遍") and "群" not in ask(account, "b", "再说一遍")


def test_a_long_answer_comes_whole_in_pieces(account):
    pieces = [ask(account, "u4", "省科协有哪些任务")]
    while "继续</a>" in pieces[-1] and len(pieces) < 12:
        pieces.append(ask(account, "u4", "继续"))
    assert len(pieces) > 1 and all(len(p.encode()) <= 2000 for p in pieces)
    whole = "".join(LINK.sub("", p) for p in pieces)
    assert "30. " in whole and "（查自方案原文）" in whole


def test_what_is_no_text_is_answered_kindly(account):
    assert "打字" in fromstring(post(account, message("u5", "voice", MediaId="1", Recognition=""))).findtext("Content")
    assert "图" in fromstring(post(account, message("u5", "image", PicUrl="x", MediaId="1"))).findtext("Content")
    welcome = fromstring(post(account, message("u5", "event", Event="subscribe", EventKey=""))).findtext("Content")
    assert len(LINK.findall(welcome)) >= 3
    assert post(account, message("u5", "event", Event="unsubscribe", EventKey="")) == "success"
    clicked = fromstring(post(account, message("u5", "event", Event="CLICK", EventKey="省科协牵头哪些工作")))
    assert "牵头" in clicked.findtext("Content")


@pytest.mark.parametrize(
    "body", ["", "<xml>", "<xml><MsgType>text</MsgType></xml>", '<!DOCTYPE x [<!ENTITY a "b">]><x/>']
)
def test_what_is_no_message_is_refused(account, body):
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(account, body)
    assert refused.value.code == 400


@pytest.mark.parametrize("key", [KEY, OLD])
def test_secure_mode_answers_with_the_key_that_was_used(secure, key):
    crypto = Crypto(TOKEN, key, APPID)
    sealed = crypto.encrypt(message("u6", Content="智慧助老归谁"), "1714036504", "42")
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{sealed.encrypted}</Encrypt></xml>"
    reply = fromstring(post(secure, body, encrypt_type="aes", msg_signature=sealed.signature))
    fields = [reply.findtext(n) for n in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")]
    opened = fromstring(crypto.decrypt(*fields))
    assert opened.findtext("Content").startswith("责任部门：") and opened.findtext("ToUserName") == "u6"


def test_once_there_is_a_key_nothing_plain_is_taken(secure):
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(secure, message("u7", Content="你好"))
    assert refused.value.code == 403


def test_a_retry_after_a_restart_gets_the_reply_that_was_made(serving, filled, tmp_path):
    filled(tmp_path)
    first = serving(tmp_path, KEPU_WECHAT_TOKEN=TOKEN)
    ask(first, "u8", "微信群消息太吵怎么关")
    before = ask(first, "u8", "下一步", id_="5")
    second = serving(tmp_path, KEPU_WECHAT_TOKEN=TOKEN)
    assert ask(second, "u8", "下一步", id_="5") == before
    assert "第3步" in ask(second, "u8", "下一步", id_="6")
