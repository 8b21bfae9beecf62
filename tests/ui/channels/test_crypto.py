"""The envelope: the platform's own vectors, an independent implementation in both directions, and forgeries."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from tests.ui.channels.platform import AES_KEY, APPID, OLD_KEY, TOKEN
from ui.channels.crypto import Envelope, read_key, sign
from vectorstore.errors import Forged, InputError

KEY = read_key(AES_KEY)
ACCOUNT = Envelope(TOKEN, APPID, (KEY,))
SEALED = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="


def test_the_official_signature_of_a_verification():
    assert sign(TOKEN, "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


def test_the_official_reply_is_sealed_signed_and_opened():
    assert ACCOUNT.seal('{"demo_resp":"good luck"}', KEY, b"707722b803182950") == SEALED
    assert sign(TOKEN, "1713424427", "415670741", SEALED) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    assert ACCOUNT.open(SEALED).message == b'{"demo_resp":"good luck"}'


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], min_codepoint=1), max_size=400))
def test_another_implementation_reads_what_is_sealed_and_the_other_way_round(said):
    oracle = WeChatCrypto(TOKEN, AES_KEY, APPID)
    sealed = ACCOUNT.seal(said, KEY)
    xml = f"<xml><Encrypt>{sealed}</Encrypt></xml>"
    assert oracle.decrypt_message(xml, sign(TOKEN, "1", "2", sealed), "1", "2") == said
    theirs = oracle.encrypt_message(said, "2", "1")
    assert ACCOUNT.open(theirs.split("<Encrypt><![CDATA[")[1].split("]]>")[0]).message.decode() == said


def test_a_message_sealed_with_the_key_before_is_opened_and_says_with_which():
    old = read_key(OLD_KEY)
    both = Envelope(TOKEN, APPID, (KEY, old))
    assert both.open(both.seal("旧", old)).key == old and both.open(both.seal("新", KEY)).key == KEY


@pytest.mark.parametrize(
    "sealed",
    [
        "", "a", "不是", "AAAA", SEALED[:-4], SEALED[4:], base64.b64encode(b"\0" * 32).decode(), base64.b64encode(b"x" * 64).decode(),
        Envelope(TOKEN, "wx0000000000000000", (KEY,)).seal("给别人的", KEY),
        Envelope(TOKEN, APPID, (KEY,)).seal("换了密钥", read_key(OLD_KEY)),
    ],
    ids=["nothing", "letter", "words", "short", "cut at the end", "cut at the head", "zeros", "same bytes", "other account", "other key"],
)  # fmt: skip
def test_what_is_forged_cut_or_for_somebody_else_is_refused(sealed):
    with pytest.raises(Forged):
        ACCOUNT.open(sealed)


def test_a_wrong_signature_is_refused():
    for wrong in ("", "0" * 40, "非", sign("BBBBB", "1", "2")):
        with pytest.raises(Forged):
            ACCOUNT.check(wrong, "1", "2")


def test_a_key_of_the_wrong_length_is_named_as_a_wrong_setting():
    for wrong in ("", "A" * 42, "A" * 44, "密" * 43):
        with pytest.raises(InputError):
            read_key(wrong)
