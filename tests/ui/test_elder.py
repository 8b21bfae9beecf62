"""The page for older people in a real browser, on a small phone: nothing small, nothing sideways, help at once."""

import json
import urllib.error
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe

PLACES = (
    "/",
    "/en/?lang=en",
    "/elder",
    "/elder?lang=en",
    "/register",
    "/register?clause=二(四)1",
    "/source?tier=card&locator=scam-after",
)


@pytest.fixture
def phone(browser, address):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(address + "/elder")
    page.wait_for_selector("#choices button")
    yield page
    context.close()


def sizes(page):
    return page.evaluate(
        "[...document.querySelectorAll('button,a,input,summary')].filter(e => e.offsetParent)"
        ".map(e => e.getBoundingClientRect()).map(r => [Math.round(r.width), Math.round(r.height)])"
    )


def test_everything_on_it_is_large_and_fits_a_small_phone(phone):
    assert min(min(size) for size in sizes(phone)) >= 60
    assert phone.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert phone.locator("#choices button").count() == 4


def test_the_size_of_type_and_the_page_are_remembered(phone, address):
    phone.click("#size")
    phone.reload()
    assert phone.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 30
    phone.goto(address + "/")
    phone.wait_for_url("**/elder")


def test_a_guide_goes_step_by_step_with_progress_and_a_printed_handout(phone):
    phone.fill("#question", "微信群消息太吵怎么关")
    phone.press("#question", "Enter")
    phone.wait_for_selector("#progress:not([hidden])")
    assert phone.locator("#place").inner_text() == "1 / 4"
    assert phone.locator("#choices button").count() <= 4
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_text("2 / 4").wait_for()
    assert min(min(size) for size in sizes(phone)) >= 60
    file = phone.locator("#sources a.button").get_attribute("href")
    assert urllib.request.urlopen(phone.url.split("/elder")[0] + file).read().startswith(b"%PDF")


def test_the_red_button_gives_the_right_steps_and_the_numbers_at_once_even_without_a_network(phone):
    phone.context.set_offline(True)
    phone.click("#cheated")
    assert "不转账" in phone.locator("#said p").first.inner_text()
    calls = [a.get_attribute("href") for a in phone.locator("#calls a").all()]
    assert calls == ["tel:110", "tel:96110"]
    assert all(0 <= a.bounding_box()["y"] <= 640 - 60 for a in phone.locator("#calls a").all())
    phone.context.set_offline(False)
    phone.get_by_role("button", name="还要做什么").click()
    phone.get_by_text("聊天和转账记录别删").first.wait_for()
    assert phone.locator("#calls a").count() == 0


def test_a_new_answer_is_read_from_its_beginning(phone):
    phone.fill("#question", "怎么跟孩子视频")
    phone.press("#question", "Enter")
    phone.get_by_text("第1步").wait_for()
    assert phone.evaluate("scrollY") == 0


def test_reading_aloud_is_offered_only_where_there_is_a_chinese_voice(phone):
    phone.click("#cheated")
    voices = phone.evaluate("speechSynthesis.getVoices().filter(v => v.lang.startsWith('zh')).length")
    assert phone.locator("#listen").is_visible() is bool(voices)


def test_an_answer_is_read_aloud_by_sentence_at_the_chosen_speed_and_stops(browser, address):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.add_init_script("""
        const voice = {lang: "zh-CN", localService: true};
        window.heard = [];
        window.SpeechSynthesisUtterance = function (text) { this.text = text; };
        const speech = {speaking: false, getVoices: () => [voice], cancel() { this.speaking = false; },
          speak(said) { this.speaking = true; heard.push([said.text.trim(), said.rate]); }};
        Object.defineProperty(window, "speechSynthesis", {value: speech});
    """)
    page.goto(address + "/elder")
    page.click("#cheated")
    page.click("#speed")
    page.click("#read")
    heard = page.evaluate("heard")
    assert len(heard) >= 4
    assert heard[0][0].startswith("1. 先停下")
    assert {rate for _, rate in heard} == {1.2}
    assert page.locator("#read").inner_text() == "停下"
    page.click("#read")
    assert page.evaluate("speechSynthesis.speaking") is False
    context.close()


def test_the_conversation_is_deleted_when_its_user_confirms(phone):
    phone.fill("#question", "怎么跟孩子视频")
    phone.press("#question", "Enter")
    phone.get_by_text("第1步").wait_for()
    old = phone.evaluate("session()")
    phone.once("dialog", lambda d: d.accept())
    phone.click("#remove")
    phone.get_by_text("已删除").wait_for()
    assert phone.evaluate("session()") != old
    assert phone.locator("#choices button").count() == 4


def test_another_site_cannot_ask_in_a_visitors_name(address):
    body = json.dumps({"question": "你好"}).encode()
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(address + "/elder/ask", body, headers))
    assert refused.value.code == 403


@pytest.mark.parametrize("place", PLACES)
def test_the_accessibility_checker_finds_nothing(browser, address, place):
    context = browser.new_context()
    page = context.new_page()
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(address + place)
            page.wait_for_selector("textarea:visible, #choices button, table, blockquote")
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"][:100]) for v in found] == [], (width, scheme)
    context.close()
