"""The admin page: behind its password, a preview before anything is stored, a way back."""

import base64
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe

from ingest.pipeline import corpus
from tests.conftest import NOTICE

PASSWORD = "only-the-admin"


def call(url, data=None, kind="application/x-www-form-urlencoded", password=PASSWORD, **headers):
    token = base64.b64encode(f"admin:{password}".encode()).decode()
    request = urllib.request.Request(url, data, {"Authorization": f"Basic {token}", "Content-Type": kind, **headers})
    return urllib.request.urlopen(request).read().decode()


def form(**fields):
    return urllib.parse.urlencode(fields).encode()


def upload(url, name, content):
    mark = uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    return call(url + "/admin/preview", body, f"multipart/form-data; boundary={mark}")


@pytest.fixture(scope="module")
def admin_home(filled, tmp_path_factory):
    home = tmp_path_factory.mktemp("admin")
    filled(home)
    return home


@pytest.fixture(scope="module")
def admin(serving, admin_home):
    return serving(admin_home, KEPU_ADMIN_PASSWORD=PASSWORD)


def test_without_a_password_in_the_settings_there_is_no_admin_page(address):
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(address + "/admin/report")
    assert missing.value.code == 404


def test_a_wrong_password_shows_nothing(admin):
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(admin + "/admin", password="猜的")
    assert refused.value.code == 401


def test_a_change_asked_from_another_site_is_refused(admin):
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(admin + "/admin/forget", form(name="x"), **{"Sec-Fetch-Site": "cross-site"})
    assert refused.value.code == 403


def test_an_address_of_this_machine_is_not_fetched(admin):
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(admin + "/admin/fetch", form(address=admin + "/register"))
    assert refused.value.code == 400 and "内网" in refused.value.read().decode()


def test_an_upload_is_shown_with_its_duties_before_it_is_stored_and_can_be_taken_back(admin):
    other = NOTICE.read_text(encoding="utf-8").replace("赣府发〔2021〕29号", "赣府发〔2026〕9号")
    seen = upload(admin, "new.txt", other.encode())
    assert "赣府发〔2026〕9号" in seen and "共224条任务分工" in seen
    assert "赣府发〔2026〕9号" not in call(admin + "/admin")
    name = re.search(r'name="name" value="([^"]+)"', seen)[1]
    assert "赣府发〔2026〕9号" in call(admin + "/admin/accept", form(name=name))
    version = re.search(r'name="version" value="(\d+)"', call(admin + "/admin"))[1]
    assert "赣府发〔2026〕9号" not in call(admin + "/admin/restore", form(version=version))


def test_what_is_forgotten_leaves_nothing_in_the_data_folder_not_even_in_versions(admin, admin_home):
    secret = "石狮子下面的钥匙"
    upload(admin, "秘密.md", f"# 樟树巷办法\n\n樟树巷三号有{secret}，这句话要删掉。\n".encode())
    call(admin + "/admin/accept", form(name="秘密.md"))
    upload(admin, "后来.md", "# 食堂办法\n\n社区食堂每天中午十一点开门。\n".encode())
    call(admin + "/admin/accept", form(name="后来.md"))
    call(admin + "/admin/forget", form(name="秘密.md"))

    def kept():
        for file in (f for f in admin_home.rglob("*") if f.is_file()):
            yield file.name, file.read_bytes()
            if zipfile.is_zipfile(file):
                packed = zipfile.ZipFile(file)
                yield from ((f"{file.name}#{name}", packed.read(name)) for name in packed.namelist())

    assert [name for name, content in kept() if secret.encode() in content] == []
    assert "后来.md" in call(admin + "/admin")


def test_what_was_not_answered_stands_there_until_it_is_dealt_with(admin):
    body = '{"question": "省里今年科普经费一共多少钱"}'.encode()
    call(admin + "/api/ask", body, "application/json")
    page = call(admin + "/admin")
    assert "省里今年科普经费一共多少钱" in page
    item = re.search(r'name="item" value="(\d+)"', page)[1]
    assert "省里今年科普经费一共多少钱" not in call(admin + "/admin/done", form(item=item))


def test_a_file_that_cannot_be_read_is_named(admin):
    with pytest.raises(urllib.error.HTTPError) as refused:
        upload(admin, "坏.txt", b"\x00\x01" * 500)
    assert refused.value.code == 400 and "坏" in refused.value.read().decode()


@pytest.fixture
def office(admin, browser):
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, http_credentials={"username": "a", "password": PASSWORD}
    )
    page = context.new_page()
    page.goto(admin + "/admin")
    yield page
    context.close()


def test_usage_by_day_counts_questions_by_kind_and_tells_nothing_of_them(admin, office):
    for question in ("省科协牵头哪些工作", "声音是怎么传到耳朵里的", "省里今年科普经费一共多少钱"):
        call(admin + "/api/ask", json.dumps({"question": question}).encode(), "application/json")
    office.reload()
    table = office.locator("table", has_text="每天的用量")
    heads = table.locator("th").all_inner_texts()
    row = dict(zip(heads, table.locator("tbody tr").first.locator("td").all_inner_texts(), strict=True))
    assert int(row["回答"]) == sum(
        int(row[k]) for k in ("谁负责", "指标与原文", "科普", "分步指南", "反问", "招呼", "拒答")
    )
    assert int(row["谁负责"]) >= 1 and int(row["科普"]) >= 1 and int(row["其中资料里没有"]) >= 1
    assert office.locator("svg.kepu-days rect").count() == 1
    assert "声音" not in office.content()


def test_cards_stand_there_with_their_review(admin, office):
    office.get_by_role("link", name="看全部卡片").click()
    assert office.locator("tbody tr").count() == len(list((corpus() / "cards").rglob("*.md")))
    assert office.locator("tbody tr", has_text="sound").get_by_text("还没有人审核").count() == 1


def test_the_last_evaluation_and_the_health_are_shown(admin, office, admin_home):
    assert office.locator("table", has_text="运行状况").get_by_text("正常").count() == 2
    assert office.get_by_text("还没有评测报告").count() == 1
    folder = admin_home / "evals"
    folder.mkdir()
    suites = {"who-plain": {"right": 9, "of": 10, "interval": [0.7, 1.0], "marks": {}}}
    (folder / "report.json").write_text(json.dumps({"suites": suites}), encoding="utf-8")
    office.reload()
    assert "9/10 90.0% 70.0%–100.0%" in " ".join(office.locator("tr", has_text="who-plain").inner_text().split())
    (folder / "report.json").write_text("{", encoding="utf-8")
    office.reload()
    assert office.get_by_text("不是评测报告").count() == 1
    runs = [{"day": f"2026-11-{n:02}", "shares": {"who-plain": n / 20}, "worse": []} for n in range(10, 20)]
    runs[-1]["worse"] = ["who-plain"]
    (folder / "history.jsonl").write_text("\n".join(map(json.dumps, runs)), encoding="utf-8")
    office.reload()
    past = office.locator("table", has_text="最近几次评测").inner_text()
    assert past.index("2026-11-19") < past.index("2026-11-12") and "2026-11-11" not in past
    assert "95.0%（明显变差）" in past and past.count("明显变差") == 1


def test_a_file_is_uploaded_from_the_page_and_its_duties_are_shown(office):
    office.set_input_files("input[type=file]", NOTICE)
    office.get_by_role("button", name="先看看").click()
    office.get_by_text("共224条任务分工").first.wait_for(timeout=20000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accessibility_checker_finds_nothing_on_the_admin_pages(office, admin, scheme):
    office.emulate_media(color_scheme=scheme)
    for width, height in ((390, 844), (1440, 900)):
        office.set_viewport_size({"width": width, "height": height})
        for place in ("/admin", "/admin/cards"):
            office.goto(admin + place)
            found = Axe().run(office, options={"resultTypes": ["violations"]}).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"][:100]) for v in found] == [], (place, width)
