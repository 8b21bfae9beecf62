"""The chat page in a real browser: streaming, sources, what can be tapped, stopped, asked again, shared, deleted."""

import sqlite3
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from evals.generated.server import model_server, says

WHO = "智慧助老服务由哪些部门负责"
OWNERS = "省委宣传部、省民政厅、省卫生健康委、省教育厅、省广电局、省科协"


@pytest.fixture
def opened(browser):
    """Opens a page in a context of its own, which is closed at the end; faults and hosts are kept on it."""
    contexts = []

    def make(url, **options):
        context = browser.new_context(**{"viewport": {"width": 390, "height": 844}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10000)
        page.faults, page.hosts = [], set()
        page.on("pageerror", lambda e: page.faults.append(str(e)))
        page.on("request", lambda r: page.hosts.add(urlsplit(r.url).hostname))
        page.goto(url)
        page.wait_for_selector("textarea:visible")
        return page

    yield make
    for context in contexts:
        context.close()


def ask(page, question):
    page.fill("textarea:visible", question)
    page.press("textarea:visible", "Enter")


def answers(page):
    return page.locator(".message.bot")


def test_a_question_is_answered_with_its_kind_its_sources_and_what_to_ask_next(address, opened):
    page = opened(address)
    ask(page, WHO)
    page.locator(".kepu-chips a").first.wait_for()
    said = answers(page).first.inner_text()
    assert OWNERS in said
    assert "查自方案原文" in said
    page.get_by_role("button", name="省卫生健康委还有哪些任务").click()
    page.locator(".kepu-chips").nth(1).wait_for()
    assert "省卫生健康委" in answers(page).last.inner_text()
    assert page.faults == []
    assert page.hosts - {None, ""} == {"127.0.0.1"}


def test_a_numbered_chip_opens_the_clause_word_for_word_with_its_neighbours(address, opened, library):
    page = opened(address)
    ask(page, WHO)
    page.locator(".kepu-chips a").first.click()
    over = page.locator("dialog.kepu-over")
    over.locator("blockquote").wait_for()
    clause = library.current().register.clause("赣府发〔2021〕29号", "二(四)1")
    said = "".join(over.locator("blockquote").inner_text().split())
    assert "".join(clause.text.split()) in said
    over.get_by_role("link", name="二(四)2 加强老年人健康科普服务").click()
    over.get_by_role("link", name="二(四)1 开展智慧助老服务").wait_for()
    over.get_by_role("link", name="二(四)3").wait_for()
    page.keyboard.press("Escape")
    over.wait_for(state="detached")
    assert page.locator("textarea:visible").is_visible()


def test_a_source_opens_as_a_page_where_no_script_runs(address, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/source?tier=card&locator=scam-after")
    assert page.get_by_text("马上打110").count()
    page.goto(f"{address}/source?tier=notice&source={quote('赣府发〔2021〕29号')}&locator={quote('文首')}")
    assert page.locator("blockquote").inner_text()
    assert page.goto(f"{address}/source?tier=card&locator=nothing").status == 404
    context.close()


def test_examples_for_officials_science_and_older_people_start_a_chat(address, opened):
    page = opened(address)
    shown = page.locator("button.example")
    assert shown.count() == 6
    page.get_by_text("手机字太小看不清怎么办").click()
    page.get_by_role("button", name="下一步").wait_for()


def test_an_answer_is_read_from_its_first_line(address, opened):
    page = opened(address, viewport={"width": 360, "height": 640})
    for question in ("省科协有哪些任务", WHO):
        ask(page, question)
        page.get_by_text(question).first.wait_for()
        page.locator(".kepu-chips").nth(0 if question != WHO else 1).wait_for()
    page.wait_for_timeout(400)
    top = page.locator(".message.user").last.bounding_box()["y"]
    assert 0 < top < 200
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_keyboard_is_enough(address, opened):
    page = opened(address)
    page.locator("textarea:visible").focus()
    page.keyboard.type(WHO)
    page.keyboard.press("Enter")
    page.locator(".kepu-chips a").first.wait_for()
    page.locator(".kepu-chips a").first.focus()
    page.keyboard.press("Enter")
    page.locator("dialog.kepu-over blockquote").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog.kepu-over").wait_for(state="detached")


def test_a_link_that_is_shared_opens_the_answer(address, opened):
    page = opened(address, permissions=["clipboard-read", "clipboard-write"])
    ask(page, WHO)
    page.locator(".kepu-chips a").first.wait_for()
    page.get_by_role("button", name="分享").click()
    page.get_by_text("链接已复制").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.locator("dialog input").input_value() == f"{address}/?q={quote(WHO)}"
    other = opened(link)
    other.locator(".kepu-chips a").first.wait_for()
    assert OWNERS in answers(other).first.inner_text()


def test_an_answer_is_copied_and_judged(address, opened):
    page = opened(address, permissions=["clipboard-read", "clipboard-write"])
    ask(page, WHO)
    page.locator(".kepu-chips a").first.wait_for()
    page.locator(".bot-row").get_by_role("button", name="复制").click()
    page.wait_for_timeout(200)
    assert OWNERS in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="有用").first.click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accessibility_checker_finds_nothing_after_an_answer_nor_over_it(address, opened, scheme):
    page = opened(address, color_scheme=scheme)
    ask(page, WHO)
    page.locator(".kepu-chips a").first.wait_for()
    page.wait_for_timeout(500)
    assert violations(page) == []
    page.locator(".kepu-chips a").first.click()
    page.locator("dialog.kepu-over blockquote").wait_for()
    assert violations(page) == []


def violations(page):
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in found]


def test_a_question_is_answered_again(address, opened):
    page = opened(address)
    ask(page, WHO)
    page.locator(".kepu-chips a").first.wait_for()
    page.evaluate("document.querySelector('.message.bot').dataset.old = '1'")
    page.get_by_role("button", name="重新回答").click()
    page.wait_for_timeout(300)
    page.locator(".kepu-chips a").first.wait_for()
    assert page.locator(".message.user").count() == 1
    assert OWNERS in answers(page).last.inner_text()


def test_a_slow_answer_shows_its_sentences_as_they_come_and_can_be_stopped(serving, filled, tmp_path, opened):
    filled(tmp_path)
    first, second = "酒能不喝就不喝[1]。", "大人要喝，一天的酒精不超过15克[1]。"
    with model_server(says(first + second, between=0.6)) as server:
        url = serving(
            tmp_path, KEPU_LLM_BASE_URL=server.url, KEPU_LLM_MODEL="scripted", KEPU_LLM_MODE="always",
            KEPU_LLM_DEADLINE="30",
        )  # fmt: skip
        page = opened(url)
        ask(page, "大人喝酒一天最多喝多少酒精")
        answers(page).get_by_text("酒能不喝就不喝").wait_for()
        page.get_by_role("button", name="停止").click()
        page.get_by_text("（已停下）").wait_for()
        page.get_by_role("button", name="发送").wait_for()
        page.wait_for_timeout(2500)
        assert "15克" not in answers(page).last.inner_text()
        page.get_by_role("button", name="重新回答").click()
        page.get_by_text("（内容由AI生成）").first.wait_for(timeout=30000)


def told(home, what):
    """How often the state store of a data folder holds some words, in its rows and in its files' bytes."""
    store = sqlite3.connect(home / "state.db")
    rows = "\n".join(
        str(row) for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
        for row in store.execute(f"SELECT * FROM {name}")
    )  # fmt: skip
    store.close()
    raw = b"".join(f.read_bytes() for f in home.glob("state.db*"))
    return rows.count(what) + raw.count(what.encode())


def test_whoever_deletes_the_conversation_leaves_nothing_of_it(serving, filled, tmp_path, opened):
    filled(tmp_path)
    page = opened(serving(tmp_path))
    ask(page, "省里今年科普经费一共多少钱")
    page.get_by_text("12345").first.wait_for()
    session = page.evaluate("kepu.session()")
    assert told(tmp_path, session)
    assert told(tmp_path, "省里今年科普经费一共多少钱")
    page.once("dialog", lambda d: d.dismiss())
    page.get_by_role("button", name="删除记录").click()
    page.wait_for_timeout(500)
    assert told(tmp_path, session)
    page.once("dialog", lambda d: d.accept())
    page.get_by_role("button", name="删除记录").click()
    page.get_by_text("已删除").wait_for()
    assert page.get_by_text("省里今年科普经费一共多少钱").count() == 0
    assert told(tmp_path, session) == 0
    assert told(tmp_path, "省里今年科普经费一共多少钱") == 0
    assert page.evaluate("kepu.session()") != session
