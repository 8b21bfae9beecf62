"""Channels open by their settings; secrets are hidden, and a key that is none is named at the start."""

from tests.ui.channels.platform import AES_KEY, APPID, TOKEN
from tests.ui.conftest import KEY

SECRETS = {
    "KEPU_API_KEYS": KEY, "KEPU_WECHAT_TOKEN": TOKEN, "KEPU_WECHAT_AES_KEY": AES_KEY, "KEPU_WECHAT_SECRET": "hidden-secret",
    "KEPU_WECOM_TOKEN": TOKEN, "KEPU_WECOM_AES_KEY": AES_KEY, "KEPU_WECOM_BOT_TOKEN": TOKEN, "KEPU_WECOM_BOT_AES_KEY": AES_KEY,
}  # fmt: skip


def test_status_shows_the_channels_and_hides_their_secrets(run):
    said = run("status", env={**SECRETS, "KEPU_WECHAT_APPID": APPID, "COLUMNS": "200"}).stdout
    assert APPID in said and "KEPU_WECOM_BOT_AES_KEY" in said
    assert not any(secret in said for secret in SECRETS.values())


def test_a_key_that_is_none_is_named_when_the_service_starts(run):
    finished = run("serve", "--port", "0", env={"KEPU_WECHAT_TOKEN": TOKEN, "KEPU_WECHAT_AES_KEY": "too-short"})
    assert finished.returncode == 1
    assert "EncodingAESKey" in finished.stderr
