"""Several processes as they stand in an office: nginx before three of them, PostgreSQL and Chroma behind them."""

import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from tests.conftest import ROOT, chroma_server, found_tool, free_port, new_database
from tests.ui.channels.platform import APPID, TOKEN
from tests.ui.conftest import process, reached

SITE = ROOT / "ui/deploy/nginx.conf"
PORTS = (7861, 7862, 7863)


def nginx_conf(folder, listen, ports):
    """The site of the deployment page, whole, with the ports of a test."""
    site = SITE.read_text(encoding="utf-8").replace("listen 80;", f"listen 127.0.0.1:{listen};")
    for named, port in zip(PORTS, ports, strict=True):
        site = site.replace(f"127.0.0.1:{named}", f"127.0.0.1:{port}")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    conf = folder / "nginx.conf"
    conf.write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; daemon off;\n"
        f"events {{}}\nhttp {{ access_log off; client_body_temp_path {folder}/body; {temporary}\n{site}\n}}\n",
        encoding="utf-8",
    )
    return conf


@contextmanager
def nginx(ports):
    """nginx before some ports; gives its address."""
    with tempfile.TemporaryDirectory(prefix="kepu-nginx-") as name:
        folder, listen = Path(name), free_port()
        folder.chmod(0o755)
        started = subprocess.Popen([found_tool("nginx"), "-p", name, "-c", str(nginx_conf(folder, listen, ports))])
        try:
            yield reached(f"http://127.0.0.1:{listen}")
        finally:
            started.terminate()
            started.wait(20)


@pytest.fixture(scope="session")
def several(filled, cluster, tmp_path_factory):
    """The address of nginx before three processes with their own knowledge and a shared state, and the processes."""
    folder = tmp_path_factory.mktemp("several")
    with ExitStack() as stack:
        settings = {
            "KEPU_STATE_URL": new_database(cluster),
            "KEPU_CHROMA_URL": stack.enter_context(chroma_server(folder / "chroma", free_port())),
            "KEPU_TRUSTED_PROXIES": "127.0.0.1",
            "KEPU_WECHAT_TOKEN": TOKEN,
            "KEPU_WECHAT_APPID": APPID,
        }
        started = []
        for n in range(3):
            filled(folder / str(n))
            started.append(stack.enter_context(process(folder / str(n), **settings)))
        ports = [url.rsplit(":", 1)[1] for url, _ in started]
        url = stack.enter_context(nginx(ports))
        assert httpx.get(f"{url}/readyz").status_code == 200
        yield SimpleNamespace(url=url, processes=[each for _, each in started])
