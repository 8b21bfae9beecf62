"""Real servers and a real browser: `kepu serve`, and the service without the first page in a thread, quickly."""

import os
import shutil
import subprocess
import threading
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from datetime import date

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from assistant import KepuChain
from tests.conftest import KEPU, free_port
from ui.server import make_service
from ui.settings import Settings
from vectorstore.inbox import Inbox
from vectorstore.state import StateStore

KEY = "sk-kept-by-a-bot"
DAY = date(2026, 11, 24)


@contextmanager
def process(home, log=None, **settings):
    """`kepu serve` with some settings: its address and its process, stopped at the end. Its log goes to a file."""
    port = free_port()
    with open(log or os.devnull, "wb") as out:
        started = subprocess.Popen(
            [str(KEPU), "serve", "--host", "127.0.0.1", "--port", str(port)],
            env={**os.environ, "KEPU_HOME": str(home), **settings}, stdout=out, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        yield reached(url), started
    finally:
        started.terminate()
        started.wait(20)


def reached(url):
    """An address, once it answers."""
    for _ in range(900):
        try:
            urllib.request.urlopen(url + "/healthz").read()
            break
        except OSError:
            time.sleep(0.2)
    return url


@pytest.fixture(scope="session")
def serving():
    """Starts `kepu serve` on a data folder with some settings; gives the address. All are stopped at the end."""
    with ExitStack() as stack:
        yield lambda home, **settings: stack.enter_context(process(home, **settings))[0]


@pytest.fixture(scope="session")
def address(serving, home):
    return serving(home)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def served(app):
    """Serves an application; gives its address, and stops it as a signal would."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", proxy_headers=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="session")
def state(tmp_path_factory):
    """The folder of the conversations that the servers share."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="session")
def service(library, state):
    """Serves the service with some settings; gives its address."""

    @contextmanager
    def start(**settings):
        chain = KepuChain(library, lambda: DAY, StateStore(state))
        values = {"home": state, "today": DAY, **settings}
        with served(make_service(chain, library, Inbox(state), Settings(_env_file=None, **values))) as url:
            yield url

    return start


@pytest.fixture(scope="session")
def keyed(service):
    """The address of a server whose API needs a key, with origins and frames allowed."""
    site = "https://portal.example.com"
    with service(api_keys=f"another, {KEY}", cors_origins=site, frame_ancestors=site) as url:
        yield url


@pytest.fixture(scope="session")
def open_service(service):
    """The address of a server without any setting."""
    with service() as url:
        yield url
