"""A real server and a real browser for the tests of pages."""

import os
import shutil
import subprocess
import time
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import KEPU, free_port


@pytest.fixture(scope="session")
def serving():
    """Starts `kepu serve` on a data folder with some settings; gives the address. All are stopped at the end."""
    started = []

    def start(home, **settings):
        port = free_port()
        process = subprocess.Popen(
            [str(KEPU), "serve", "--host", "127.0.0.1", "--port", str(port)],
            env={**os.environ, "KEPU_HOME": str(home), **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        started.append(process)
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(url + "/healthz").read()
                break
            except OSError:
                time.sleep(0.2)
        return url

    yield start
    for process in started:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def address(serving, home):
    return serving(home)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()
