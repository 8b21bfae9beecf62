"""The page for older people in a real browser, on a small phone: nothing small, nothing sideways, help at once."""

import json
import urllib.error
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe

PLACES = ("/", "/elder", "/register", "/register?clause=二(四)1")


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


def test_the_red_button_gives_the_right_steps_at_once(phone):
    phone.click("#cheated")
    phone.get_by_text("96110").first.wait_for()
    assert "110" in phone.locator("#said p").first.inner_text()


def test_reading_aloud_is_offered_only_where_there_is_a_chinese_voice(phone):
    phone.click("#cheated")
    phone.get_by_text("96110").first.wait_for()
    voices = phone.evaluate("speechSynthesis.getVoices().filter(v => v.lang.startsWith('zh')).length")
    assert phone.locator("#listen").is_visible() is bool(voices)


def test_another_site_cannot_ask_in_a_visitors_name(address):
    body = json.dumps({"question": "你好"}).encode()
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(address + "/elder/ask", body, headers))
    assert refused.value.code == 403


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
@pytest.mark.parametrize("place", PLACES)
def test_the_accessibility_checker_finds_nothing(browser, address, place, size, scheme):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address + place)
    page.wait_for_selector("textarea, #choices button, table, blockquote")
    found = Axe().run(page).response["violations"]
    context.close()
    assert [(v["id"], v["nodes"][0]["html"][:100]) for v in found] == []
