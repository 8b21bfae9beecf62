"""One server with every channel set up, and one that needs a key."""

import base64

import pytest

TOKEN = "AAAAA"
APPID = "wxba5fad812f8e6fb9"
AES_KEY = "A" * 43
OLD_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
KEY = "sk-kept-by-a-bot"


@pytest.fixture(scope="session")
def keyed(serving, home):
    """The address of a server whose API needs a key, with origins and frames allowed."""
    return serving(
        home,
        KEPU_API_KEYS=f"another, {KEY}",
        KEPU_CORS_ORIGINS="https://portal.example.com",
        KEPU_FRAME_ANCESTORS="https://portal.example.com",
    )
