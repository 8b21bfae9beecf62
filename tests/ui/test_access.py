"""Who may call the API: with keys, their holders; without, this machine itself and nobody through a proxy."""

from hashlib import sha256

import httpx
from starlette.requests import HTTPConnection

from tests.ui.channels.conftest import KEY, keyed  # noqa: F401
from ui.access import Access

ASKED = {"question": "省科协牵头哪些工作"}


def test_without_keys_a_direct_call_is_answered_and_a_forwarded_one_is_not(address):
    assert httpx.post(f"{address}/api/ask", json=ASKED).json()["kind"] == "duty"
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        refused = httpx.post(f"{address}/api/ask", json=ASKED, headers={header: "127.0.0.1"})
        assert refused.status_code == 403
        assert "KEPU_API_KEYS" in refused.json()["detail"]


def test_without_keys_a_page_that_points_its_own_name_here_is_not_answered(address):
    assert httpx.post(f"{address}/api/ask", json=ASKED, headers={"Host": "evil.example.com"}).status_code == 403


def test_with_keys_each_of_them_opens_and_nothing_else_does(keyed):  # noqa: F811
    for headers in ({"Authorization": f"Bearer {KEY}"}, {"X-API-Key": "another"}):
        assert httpx.get(f"{keyed}/api/duties", headers=headers).status_code == 200
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"X-API-Key": ""}, {"Authorization": f"Basic {KEY}"}):
        assert httpx.get(f"{keyed}/api/duties", headers=headers).status_code == 401
        assert httpx.get(f"{keyed}/metrics", headers=headers).status_code == 401


def test_a_key_may_be_given_as_its_digest():
    digest = sha256(KEY.encode()).hexdigest()
    scope = {"type": "http", "headers": [(b"x-api-key", KEY.encode())], "client": ("10.0.0.1", 1)}
    assert Access([f"sha256:{digest}"]).caller(HTTPConnection(scope)).startswith("key-")
    assert Access([digest]).caller(HTTPConnection(scope)) is None


def test_only_named_sites_may_call_and_embed(keyed, address):  # noqa: F811
    def allowed(url, origin):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        return httpx.options(f"{url}/api/ask", headers=headers).headers.get("access-control-allow-origin")

    assert allowed(keyed, "https://portal.example.com") == "https://portal.example.com"
    assert allowed(keyed, "https://evil.example.com") is None
    assert allowed(address, "https://portal.example.com") is None
    framed = httpx.get(f"{keyed}/elder").headers["content-security-policy"]
    assert framed == "frame-ancestors 'self' https://portal.example.com"
    assert httpx.get(f"{address}/elder").headers["content-security-policy"] == "frame-ancestors 'self'"
    assert httpx.get(f"{address}/").headers["x-content-type-options"] == "nosniff"
