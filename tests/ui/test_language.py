"""English for the pages' own words, chosen by a link that needs no script, remembered; Chinese first."""

import httpx
import yaml

from prompts import label, sentence
from tests.conftest import ROOT


def test_pages_are_chinese_until_somebody_chooses_english_and_then_stay_so(address):
    with httpx.Client(follow_redirects=True) as visitor:
        assert "任务台账" in visitor.get(f"{address}/register").text
        english = visitor.get(f"{address}/register", params={"lang": "en"}).text
        assert 'lang="en"' in english and "Duty register" in english
        assert "Duty register" in visitor.get(f"{address}/register").text
        assert visitor.get(f"{address}/", params={"q": "省科协"}).url == f"{address}/en/?q=%E7%9C%81%E7%A7%91%E5%8D%8F"
        assert "Write your question here" in visitor.get(f"{address}/elder").text
        back = visitor.get(f"{address}/", params={"lang": "zh"})
        assert back.url.path == "/"
        assert "长辈版" in visitor.get(f"{address}/elder").text


def test_the_chat_has_english_buttons_and_answers_a_short_english_question(address, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/?lang=en")
    page.wait_for_selector("textarea:visible")
    assert page.get_by_role("button", name="Delete").is_visible()
    page.get_by_text("what is the target for 2025").click()
    page.get_by_text("15%").first.wait_for()
    assert page.get_by_text("Sources").count()
    page.goto(f"{address}/")
    page.wait_for_url("**/en/")
    context.close()


def test_every_english_word_has_its_chinese_one_and_the_same_blanks():
    english = yaml.safe_load((ROOT / "prompts/screens-en.yaml").read_text(encoding="utf-8"))
    for name in english:
        blanks = {"count": 1, "number": "110"}
        assert sentence(name, **blanks) != label("en", name, **blanks), name


def test_an_english_guide_to_the_pages_offers_four_topics_like_the_chinese_one():
    for language in ("zh", "en"):
        topics = label(language, "elder_topics").split("\n")
        assert len(topics) == 4
        assert all(len(line.split("：", 1)[1].split("；")) == 4 for line in topics)
