"""Who may call the API: with keys, their holders; without, this machine itself and nobody through a proxy."""

from hashlib import sha256

import httpx
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse

from tests.ui.conftest import KEY, served
from ui.access import Access
from ui.limits import AskingLimit

ASKED = {"question": "省科协牵头哪些工作"}


def test_without_keys_a_direct_call_is_answered_and_a_forwarded_one_is_not(open_service):
    assert httpx.post(f"{open_service}/api/ask", json=ASKED).json()["kind"] == "duty"
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        refused = httpx.post(f"{open_service}/api/ask", json=ASKED, headers={header: "127.0.0.1"})
        assert refused.status_code == 403
        assert "KEPU_API_KEYS" in refused.json()["detail"]


def test_without_keys_a_page_that_points_its_own_name_here_is_not_answered(open_service):
    assert httpx.post(f"{open_service}/api/ask", json=ASKED, headers={"Host": "evil.example.com"}).status_code == 403


def test_with_keys_each_of_them_opens_and_nothing_else_does(keyed):
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


def test_who_asks_too_often_is_told_how_long_to_wait_and_the_machine_itself_is_not_limited():
    async def fine(scope, receive, send):
        await PlainTextResponse("ok")(scope, receive, send)

    limited = AskingLimit(fine, Access([KEY]), per_address=2, per_key=3)
    with served(limited) as url:
        asked = {"Via": "proxy"}
        answers = [httpx.post(f"{url}/api/ask", headers=asked) for _ in range(3)]
        assert [a.status_code for a in answers] == [200, 200, 429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        mine = [httpx.post(f"{url}/api/ask", headers={**asked, "X-API-Key": KEY}).status_code for _ in range(4)]
        assert mine == [200, 200, 200, 429]
        assert {httpx.post(f"{url}/api/ask").status_code for _ in range(9)} == {200}
        assert httpx.get(f"{url}/elder", headers=asked).status_code == 200


def test_a_body_that_is_too_long_is_refused(open_service):
    for body in (b"x" * 2_000_000, (b"x" * 1000 for _ in range(2000))):
        assert httpx.post(f"{open_service}/api/ask", content=body).status_code == 413


def test_only_named_sites_may_call_and_embed(keyed, open_service):
    def allowed(url, origin):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        return httpx.options(f"{url}/api/ask", headers=headers).headers.get("access-control-allow-origin")

    assert allowed(keyed, "https://portal.example.com") == "https://portal.example.com"
    assert allowed(keyed, "https://evil.example.com") is None
    assert allowed(open_service, "https://portal.example.com") is None
    framed = httpx.get(f"{keyed}/elder").headers["content-security-policy"]
    assert framed == "frame-ancestors 'self' https://portal.example.com"
    assert httpx.get(f"{open_service}/elder").headers["content-security-policy"] == "frame-ancestors 'self'"
    assert httpx.get(f"{open_service}/register").headers["x-content-type-options"] == "nosniff"


def test_a_proxy_that_is_trusted_makes_no_outside_call_a_direct_one(home, serving):

    url = serving(home, KEPU_TRUSTED_PROXIES="127.0.0.1")
    asked = {"question": "你好"}

    def status(address):
        return httpx.post(f"{url}/api/ask", json=asked, headers={"X-Forwarded-For": address}).status_code

    assert status("203.0.113.7") == status("127.0.0.1") == 403


def test_links_that_are_shared_begin_with_the_address_people_use(home, serving):
    url = serving(home, KEPU_PUBLIC_URL="https://portal.example.com")
    assert '"address": "https://portal.example.com"' in httpx.get(f"{url}/").text.replace('\\"', '"')


def test_a_conversation_is_deleted_through_the_api_by_whoever_may_call_it(open_service, keyed):
    httpx.post(f"{open_service}/api/ask", json={**ASKED, "session": "through-the-api"})
    assert httpx.delete(f"{open_service}/api/sessions/through-the-api").status_code == 204
    follow = httpx.post(
        f"{open_service}/api/ask", json={"question": "第二条还有谁", "session": "through-the-api"}
    ).json()
    assert follow["kind"] == "clarify" or not follow["duties"]
    assert httpx.delete(f"{keyed}/api/sessions/through-the-api").status_code == 401
