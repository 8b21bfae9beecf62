"""Messages as XML: what users send is read, what attackers send is not, and what is written can be read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message

from ui.channels.messages import read_fields, read_message, write_text
from vectorstore.errors import InputError

TEXT = (
    "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o_1]]></FromUserName>"
    "<CreateTime>1714036504</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[谁负责？]]></Content><MsgId>234</MsgId></xml>"
)


def test_a_text_is_read():
    message = read_message(TEXT.encode())
    assert (message.to, message.sender, message.kind, message.content) == ("gh_1", "o_1", "text", "谁负责？")
    assert message.identity == ("gh_1", "o_1", "234")


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"<xml>", b"{}", b"\xff\xfe<xml/>", b"<xml><a>\xff\xff</a></xml>", b"<xml></xml>", TEXT.encode()[:-5],
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>',
        b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>", b"<xml>" + b"x" * (1 << 16) + b"</xml>",
        b'<?xml version="1.0" encoding="no-such"?><xml/>',
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_at_once(raw):
    begun = time.process_time()
    with pytest.raises(InputError):
        read_message(raw)
    assert time.process_time() - begun < 0.1


@given(st.text(max_size=200))
def test_any_answer_is_written_so_that_it_can_be_read(said):
    written = write_text(read_message(TEXT.encode()), said + "]]><b>&amp;", 1).encode("utf-8", "replace")
    assert read_fields(written)["Content"].endswith("]]><b>&amp;")
    assert parse_message(written).target == "o_1"
