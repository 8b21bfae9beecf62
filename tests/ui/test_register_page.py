"""The register's pages: filters with an address, neighbours, small phones, print."""

from urllib.parse import quote

import httpx
import pytest


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    yield context.new_page()
    context.close()


def test_filters_give_an_address_that_can_be_shared(address, page):
    page.goto(f"{address}/register")
    page.select_option("[name=department]", "省科协")
    page.select_option("[name=role]", "牵头")
    page.fill("[name=words]", "青少年")
    page.get_by_role("button", name="查看").click()
    page.wait_for_url("**department=*")
    assert page.locator(".kepu-duties tbody tr").count() == 1
    assert page.locator(".kepu-duties tbody tr").inner_text().split() == [
        "二(一)",
        "实施青少年科学素质提升行动",
        "省科协",
        "牵头部门",
    ]
    assert page.locator("[name=department]").input_value() == "省科协"
    assert "words=" in page.get_by_role("link", name="Excel").get_attribute("href")


def test_words_that_fit_nothing_say_so(address):
    shown = httpx.get(f"{address}/register", params={"words": "火星基地"})
    assert shown.status_code == 200 and "没有符合的任务分工" in shown.text


@pytest.mark.parametrize("place", ["/register", "/register?department=省科协", "/register?clause=二(四)1"])
def test_nothing_runs_off_a_small_phone(address, page, place):
    page.goto(address + place)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    box = page.locator(".kepu-scroll").first
    assert box.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_a_clause_has_its_words_its_owners_and_its_neighbours(address, page):
    page.goto(f"{address}/register?clause={quote('二(四)2')}")
    near = page.locator(".kepu-near").inner_text()
    assert "上一条：二(四)1 开展智慧助老服务" in near and "下一条：二(四)3" in near and "所属：二(四)" in near
    assert "加强老年人健康科普服务" in page.locator("blockquote").inner_text()


@pytest.mark.parametrize("place", ["/register", "/register?department=省科协", "/register?clause=二(四)1"])
def test_a_printed_page_holds_the_words_and_the_table_and_no_buttons(address, page, place):
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(address + place)
    assert page.locator(".kepu-duties tbody tr").count() >= 6
    assert page.locator(".kepu-duties tbody tr").last.is_visible()
    assert not page.locator(".kepu-tools").is_visible()
    assert page.locator(".kepu-filters:visible, details:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".kepu-scroll").first.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    assert page.pdf(format="A4").startswith(b"%PDF")
