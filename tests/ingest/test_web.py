"""Notices behind an address, from a real server on loopback."""

from http.server import BaseHTTPRequestHandler

import pytest

from ingest.pipeline import ingest_paths
from ingest.readers import fetch, read_text
from ingest.readers.guard import MAX_BYTES
from tests.conftest import NOTICE, listening, silent
from vectorstore.errors import Unreadable
from vectorstore.library import Library

PAGE = (
    "<html><head><title>某市关于印发科普行动方案的通知 - 某市人民政府门户网站</title></head><body><div id='zoom'>"
    + "".join(f"<p>{line}</p>" for line in NOTICE.read_text(encoding="utf-8").split("\n") if line.strip())
    + "</div></body></html>"
).encode()


class Site(BaseHTTPRequestHandler):
    """A government site: a page, a text file, a page that has moved, one that moves for ever, one without end."""

    def do_GET(self):
        if self.path == "/moved":
            return self.answer(302, location="/art/2022/1/7/art_1.html")
        if self.path == "/round":
            return self.answer(302, location="/round")
        if self.path == "/to-a-file":
            return self.answer(302, location="file:///etc/passwd")
        if self.path == "/endless.txt":
            self.answer(200)
            try:
                for _ in range(MAX_BYTES // 1_000_000 + 5):
                    self.wfile.write("科".encode("gb18030") * 500_000)
            except OSError:
                pass  # the reader has hung up, as it should
            return None
        if self.path == "/art/2022/1/7/art_1.html":
            return self.answer(200, PAGE, "text/html; charset=utf-8")
        if self.path == "/%E9%80%9A%E7%9F%A5.txt":
            return self.answer(200, NOTICE.read_bytes())
        return self.answer(404)

    def answer(self, status, body=b"", kind="text/plain", location=""):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def site():
    with listening(Site) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def test_a_page_behind_an_address_becomes_a_notice_and_is_not_read_twice(site, tmp_path):
    library = Library(tmp_path / "home")
    address = f"{site}/moved"
    report = ingest_paths(library, [address], silent)
    assert report.stored == ["art_1.html"]
    assert len(library.current().register.duties()) == 224
    assert [s.uri for s in library.knowledge.sources()] == [address]
    assert len(ingest_paths(library, [address], silent).unchanged) == 1


def test_a_file_behind_an_address_keeps_its_name(site, tmp_path):
    file = fetch(f"{site}/通知.txt", tmp_path, inside=True)
    assert file.name == "通知.txt" and "赣府发" in read_text(file)


@pytest.mark.parametrize(
    ("path", "code"),
    [("/gone", "not_fetched"), ("/round", "not_fetched"), ("/to-a-file", "not_fetched"), ("/endless.txt", "too_large")],
)
def test_what_cannot_be_fetched_is_refused(site, tmp_path, path, code):
    with pytest.raises(Unreadable) as error:
        fetch(site + path, tmp_path, inside=True)
    assert error.value.code == code


def test_an_address_nobody_answers_is_refused_and_the_rest_is_stored(tmp_path):
    (tmp_path / "说明.txt").write_text("科普场馆周一闭馆，请合理安排时间。", encoding="utf-8")
    library = Library(tmp_path / "home")
    report = ingest_paths(library, ["http://127.0.0.1:9/a.html", tmp_path / "说明.txt"], silent)
    assert report.stored == ["说明.txt"] and [e.code for _, e in report.failed] == ["not_fetched"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"])
def test_who_sends_from_elsewhere_cannot_reach_this_machine(site, tmp_path, host):
    with pytest.raises(Unreadable) as error:
        fetch(site.replace("127.0.0.1", host) + "/moved", tmp_path, inside=False)
    assert error.value.code == "address_inside"
