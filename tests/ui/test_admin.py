"""The admin page: behind its password, a preview before anything is stored, a way back."""

import base64
import re
import urllib.error
import urllib.parse
import urllib.request
from uuid import uuid4

import pytest

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
def admin(serving, filled, tmp_path_factory):
    home = tmp_path_factory.mktemp("admin")
    filled(home)
    return serving(home, KEPU_ADMIN_PASSWORD=PASSWORD)


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
