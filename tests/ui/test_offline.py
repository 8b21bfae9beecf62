"""Everything works with the network cut, and neither the browser nor the server asks for an outside host."""

import os
import shutil
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

LOCAL = {"", "127.0.0.1", "localhost"}
NOTED = """
import os, socket
_real = socket.getaddrinfo
def _noted(host, *rest, **named):
    if host not in (None, "", "127.0.0.1", "localhost", "::1", "0.0.0.0"):
        with open(os.environ["KEPU_TEST_LOOKUPS"], "a") as file:
            file.write(f"{host}\\n")
        raise socket.gaierror("no network here")
    return _real(host, *rest, **named)
socket.getaddrinfo = _noted
"""


@pytest.fixture
def cut_off(tmp_path, filled, serving):
    """A server that can look up nothing; gives its address and the file of what it tried to look up."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(NOTED)
    lookups = tmp_path / "lookups.txt"
    home = tmp_path / "home"
    filled(home)
    settings = {"PYTHONPATH": _first(tmp_path / "site"), "KEPU_TEST_LOOKUPS": str(lookups)}
    tried = "import socket; socket.getaddrinfo('outside.example', 80)"
    assert subprocess.run([sys.executable, "-c", tried], env={**os.environ, **settings}, capture_output=True).returncode
    assert lookups.read_text() == "outside.example\n"
    lookups.unlink()
    url = serving(home, KEPU_ADMIN_PASSWORD="offline", **settings)
    return url, lookups


def _first(folder):
    return os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))


def test_every_page_works_with_the_network_cut_and_asks_for_no_outside_host(browser, cut_off):
    url, lookups = cut_off
    rules = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    cut = browser.browser_type.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", rules])
    context = cut.new_context(http_credentials={"username": "a", "password": "offline"})
    page = context.new_page()
    hosts, failed = set(), []
    page.on("request", lambda r: hosts.add(urlsplit(r.url).hostname or ""))
    page.on("requestfailed", lambda r: failed.append(r.url))
    for place in (
        "/register",
        "/register?department=省科协",
        "/source?tier=card&locator=sound",
        "/admin",
        "/admin/cards",
    ):
        assert page.goto(url + place).status == 200
    for place in ("/", "/en/?lang=en"):
        page.goto(url + place)
        page.wait_for_selector("textarea:visible")
        page.fill("textarea:visible", "智慧助老服务由哪些部门负责")
        page.press("textarea:visible", "Enter")
        page.locator(".kepu-chips a").first.click()
        page.locator("dialog.kepu-over blockquote").wait_for()
    page.goto(url + "/elder?lang=zh")
    page.fill("#question", "怎么跟孩子视频")
    page.press("#question", "Enter")
    page.get_by_text("第1步").wait_for()
    cut.close()
    assert hosts <= LOCAL
    assert [f for f in failed if "heartbeat" not in f and "queue/data" not in f] == []
    assert not lookups.exists(), lookups.read_text()
