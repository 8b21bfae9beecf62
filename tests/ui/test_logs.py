"""One JSON line a request, with nothing in it that somebody has said or is called; a stop that finishes its work."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from evals.generated.server import model_server, says
from tests.ui.channels.platform import APPID, TOKEN, Platform, xml
from tests.ui.conftest import process
from ui.logs import alias

ALCOHOL = "大人喝酒一天最多喝多少酒精"
WORDED = "酒能不喝就不喝[1]。大人要喝，一天的酒精不超过15克[1]。"
SAID = "我叫王小明，手机号13800138000，省科协牵头哪些工作"


@pytest.fixture(scope="module")
def stopped(filled, tmp_path_factory):
    """A service that was told to stop while a model took its time over a message: all that there is to see of it."""
    folder = tmp_path_factory.mktemp("stopped")
    filled(folder)
    wechat = {"KEPU_WECHAT_TOKEN": TOKEN, "KEPU_WECHAT_APPID": APPID}
    message, late = xml("o_private_openid", Content=ALCOHOL), {}
    with model_server(says(WORDED, wait=2)) as model, ThreadPoolExecutor(1) as pool:
        named = {"KEPU_LLM_BASE_URL": model.url, "KEPU_LLM_MODEL": "scripted", "KEPU_LLM_MODE": "always"}
        with process(folder, folder / "log", **named, **wechat, KEPU_LLM_API_KEY="sk-x") as (url, server):
            late["id"] = httpx.post(f"{url}/api/ask", json={"question": SAID}, headers={"X-Request-ID": "from-a-proxy"})
            httpx.get(f"{url}/widget", params={"q": SAID})
            httpx.get(f"{url}/nowhere/{SAID}", headers={"X-Request-ID": SAID.encode()})
            httpx.post(f"{url}/v1/chat/completions", json={"messages": [{"role": "user", "content": SAID}]})
            httpx.post(f"{url}/wechat", params={"signature": "forged"}, content=SAID.encode())
            with httpx.stream("GET", f"{url}/gradio_api/heartbeat/x", timeout=30):
                answer = pool.submit(Platform(url).deliver, message)
                time.sleep(0.7)
                begun = time.monotonic()
                server.send_signal(signal.SIGTERM)
                late["answer"] = answer.result()
                late["code"] = server.wait(30)
                late["seconds"] = time.monotonic() - begun
            late["asked"] = len(model.asked)
    with process(folder, **wechat) as (url, _):
        late["again"] = Platform(url).deliver(message)
    late["log"] = (folder / "log").read_text(encoding="utf-8")
    return late


def test_a_service_that_is_stopped_finishes_what_it_has_begun(stopped):
    assert "一天的酒精不超过15克" in stopped["answer"] and "（内容由AI生成）" in stopped["answer"]
    assert stopped["again"] == stopped["answer"] and stopped["asked"] == 1
    assert stopped["code"] in (0, -signal.SIGTERM)
    assert stopped["seconds"] < 14


def test_every_line_of_the_log_is_an_object_and_every_request_has_one(stopped):
    lines = [json.loads(line) for line in stopped["log"].splitlines()]
    asked = [line for line in lines if line["event"] == "request" and line["route"] != "/healthz"]
    seen = [(line["method"], line["route"], line["status"]) for line in asked]
    assert seen[:5] == [
        ("POST", "/api/ask", 200), ("GET", "/widget", 200), ("GET", "other", 404),
        ("POST", "/v1/chat/completions", 200), ("POST", "/wechat", 403),
    ]  # fmt: skip
    assert ("POST", "/wechat", 200) in seen
    assert all(line["ms"] >= 0 and line["at"] and line["request"] for line in asked)
    assert len({line["request"] for line in asked}) == len(asked)


def test_the_log_tells_how_a_wording_went_and_in_which_request(stopped):
    lines = [json.loads(line) for line in stopped["log"].splitlines()]
    worded = [line for line in lines if line["event"] == "wording"]
    assert [(line["outcome"], line["prompt"], line["calls"]) for line in worded] == [("worded", "word-plain", 1)]
    assert worded[0]["ms"] > 0 and worded[0]["output_tokens"] == 20


def test_a_request_keeps_the_id_of_the_proxy_and_tells_it_back(stopped):
    assert stopped["id"].headers["X-Request-ID"] == "from-a-proxy"
    assert '"request": "from-a-proxy"' in stopped["log"]


def test_the_log_holds_nothing_that_was_said_and_nobody_s_name(stopped):
    for private in ("王小明", "13800138000", "科协", "酒", "o_private_openid", "%E7"):
        assert private not in stopped["log"]
    assert alias(TOKEN, "o_private_openid") in stopped["log"]
