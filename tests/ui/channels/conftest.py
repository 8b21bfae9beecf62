"""The service without the first page, on a real server in a thread: as many as the tests need, quickly."""

import base64
import threading
import time
from contextlib import contextmanager
from datetime import date

import pytest
import uvicorn

from assistant import KepuChain
from tests.conftest import free_port
from ui.server import make_service
from ui.settings import Settings
from vectorstore.inbox import Inbox
from vectorstore.state import StateStore

TOKEN = "AAAAA"
APPID = "wxba5fad812f8e6fb9"
AES_KEY = "A" * 43
OLD_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
KEY = "sk-kept-by-a-bot"
DAY = date(2026, 11, 24)


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
