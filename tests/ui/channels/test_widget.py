"""The widget in a real browser, in a page of another origin, on a narrow screen and by itself."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

import pytest

from tests.conftest import listening

WHO = "智慧助老服务由哪些部门负责"


@contextmanager
def portal(page):
    """A page of somebody else, at another origin; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            raw = page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *args):
            pass

    with listening(Handler) as server:
        yield f"http://localhost:{server.server_port}"


def tag(url, extra=""):
    return f'<!doctype html><html><body><h1>门户</h1><script src="{url}/widget.js" {extra}></script></body></html>'


@pytest.fixture(scope="module")
def embeddable(service):
    with service(frame_ancestors="http://localhost:*") as url:
        yield url


def answered(frame):
    frame.get_by_role("textbox").fill(WHO)
    frame.get_by_role("button", name="发送").click()
    frame.get_by_text("省广电局").first.wait_for(timeout=20000)
    frame.get_by_text("查自方案原文").first.wait_for(timeout=20000)


def test_one_script_tag_puts_the_chat_into_a_page_of_another_origin(embeddable, browser):
    greeting = 'data-position="left" data-color="#204080" data-greeting="您好，这里是门户" data-size="large" data-label="问政策"'
    with portal(tag(embeddable, greeting)) as url:
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        hosts, faults = set(), []
        page.on("request", lambda r: hosts.add(urlsplit(r.url).netloc))
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto(url)
        button = page.get_by_role("button", name="问政策")
        assert button.bounding_box()["x"] < 100
        button.click()
        frame = page.frame_locator("iframe")
        frame.get_by_text("您好，这里是门户").wait_for(timeout=20000)
        answered(frame)
        frame.get_by_role("button", name="看原文").first.click()
        frame.get_by_text("看原文").last.wait_for()
        frame.get_by_role("button", name="关闭").click()
        button.wait_for()
        assert page.context.cookies() == []
        page.close()
    assert hosts <= {urlsplit(url).netloc, urlsplit(embeddable).netloc}
    assert faults == []


def test_a_site_that_is_not_named_cannot_frame_the_chat(open_service, browser):
    with portal(tag(open_service)) as url:
        page = browser.new_page()
        refused = []
        page.on("console", lambda m: refused.append(m.text))
        page.goto(url)
        page.get_by_role("button", name="问一问").click()
        page.wait_for_timeout(1000)
        page.close()
    assert any("frame-ancestors" in text for text in refused)


def test_messages_of_other_windows_do_nothing(embeddable, browser):
    with portal(tag(embeddable)) as url:
        page = browser.new_page()
        page.goto(url)
        page.get_by_role("button", name="问一问").click()
        page.frame_locator("iframe").get_by_role("textbox").wait_for()
        page.evaluate("window.postMessage({kepu: 'close'}, '*')")
        page.wait_for_timeout(200)
        assert page.get_by_role("button", name="问一问").count() == 0
        page.close()


def test_at_360_pixels_nothing_sticks_out_and_targets_are_large(embeddable, browser):
    page = browser.new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{embeddable}/widget?size=large")
    answered(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    heights = page.evaluate("[...document.querySelectorAll('button:not([hidden]), input')].map(e => e.offsetHeight)")
    assert min(heights) >= 44
    page.close()


def test_the_speech_button_stands_only_where_speech_works(embeddable, browser):
    def shown(agent, script):
        context = browser.new_context(user_agent=agent)
        page = context.new_page()
        page.add_init_script(script)
        page.goto(f"{embeddable}/widget")
        page.get_by_text("直接把问题发给我").wait_for()
        visible = page.get_by_role("button", name="说话").is_visible()
        context.close()
        return visible

    has, lacks = (
        "window.webkitSpeechRecognition = class {}",
        "delete window.webkitSpeechRecognition; delete window.SpeechRecognition",
    )
    assert shown("Mozilla/5.0 Chrome/130", has)
    assert not shown("Mozilla/5.0 Chrome/130", lacks)
    assert not shown("Mozilla/5.0 (Linux; Android 14) Chrome/130 MicroMessenger/8.0.50", has)
