"""The envelope agrees with the vendor's published vectors, and refuses what is not right."""

import base64
from dataclasses import replace

import pytest
from wechatpy.crypto import WeChatCrypto

from ui.channels.crypto import Crypto, EnvelopeError, is_signed, sign

TOKEN, KEY, APPID = "AAAAA", "A" * 43, "wxba5fad812f8e6fb9"


def test_the_published_vectors():
    assert sign(TOKEN, "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"
    sealed = Crypto(TOKEN, KEY, APPID).encrypt(
        '{"demo_resp":"good luck"}', "1713424427", "415670741", b"707722b803182950"
    )
    assert sealed.encrypted == (
        "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    )
    assert sealed.signature == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


def test_another_implementation_reads_what_is_sealed():
    sealed = Crypto(TOKEN, KEY, APPID).encrypt("<xml><Content>你好</Content></xml>", "17", "42")
    envelope = f"<xml><Encrypt>{sealed.encrypted}</Encrypt></xml>"
    opened = WeChatCrypto(TOKEN, KEY, APPID).decrypt_message(envelope, sealed.signature, "17", "42")
    assert "你好" in opened


def test_what_is_not_right_is_refused():
    crypto = Crypto(TOKEN, KEY, APPID)
    sealed = crypto.encrypt("话", "17", "42")
    assert crypto.decrypt(sealed.encrypted, sealed.signature, "17", "42") == "话"
    damaged = base64.b64encode(b"x" * 64).decode()
    for wrong in (
        replace(sealed, signature="0" * 40),
        replace(sealed, encrypted=damaged, signature=sign(TOKEN, "17", "42", damaged)),
        Crypto(TOKEN, KEY, "wx-another").encrypt("话", "17", "42"),
    ):
        with pytest.raises(EnvelopeError):
            crypto.decrypt(wrong.encrypted, wrong.signature, "17", "42")
    assert not is_signed("x", TOKEN, "1", "2")


def test_a_key_of_another_length_is_none():
    with pytest.raises(ValueError, match="43"):
        Crypto(TOKEN, "short", APPID)
