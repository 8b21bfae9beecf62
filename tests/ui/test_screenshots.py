"""Pictures of each page and state for a person to look at, in build/screenshots; nothing runs off a screen."""

from urllib.parse import quote

import pytest

from tests.conftest import ROOT

PICTURES = ROOT / "build/screenshots"
WHO = "智慧助老服务由哪些部门负责"
SCREENS = {"desk": (1440, 900), "phone": (390, 844), "small": (360, 640)}


def chat(page, address):
    page.goto(f"{address}/")
    page.wait_for_selector("textarea:visible")
    page.get_by_text(WHO).wait_for()
    yield "chat-start"
    page.fill("textarea:visible", WHO)
    page.press("textarea:visible", "Enter")
    page.locator(".kepu-chips a").first.wait_for()
    page.wait_for_timeout(300)
    yield "chat-answer"
    page.locator(".kepu-chips a").first.click()
    page.locator("dialog.kepu-over blockquote").wait_for()
    yield "chat-source"


def plain(page, address):
    for name, place in (
        ("register", "/register"),
        ("department", f"/register?department={quote('省科协')}"),
        ("clause", f"/register?clause={quote('二(四)1')}"),
        ("card", "/source?tier=card&locator=scam-after"),
    ):
        page.goto(address + place)
        yield name


def elder(page, address):
    page.goto(f"{address}/elder")
    page.wait_for_selector("#choices button")
    yield "elder-start"
    page.fill("#question", "微信群消息太吵怎么关")
    page.press("#question", "Enter")
    page.wait_for_selector("#progress:not([hidden])")
    yield "elder-step"
    page.click("#cheated")
    yield "elder-scam"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_each_page_and_state_fits_its_screen(browser, address, screen, scheme):
    PICTURES.mkdir(parents=True, exist_ok=True)
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    for states in (chat, plain, elder):
        for state in states(page, address):
            page.screenshot(path=PICTURES / f"{state}-{screen}-{scheme}.png")
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), state
    context.close()
