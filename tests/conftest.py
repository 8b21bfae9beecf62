"""One ingested library for the whole run; the clock stands at 2026-11-24; no network beyond loopback."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from datetime import date
from http.server import ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import yaml
from filelock import FileLock

os.environ.update(HF_HUB_OFFLINE="1", GRADIO_ANALYTICS_ENABLED="False", KEPU_TODAY="2026-11-24")

from assistant import KepuChain
from ingest.pipeline import ingest_builtin
from vectorstore.library import Library

ROOT = Path(__file__).resolve().parent.parent
KEPU = Path(sys.executable).parent / "kepu"
NOTICE = ROOT / "ingest/corpus/notices/赣府发〔2021〕29号.txt"
KEY = "赣府发〔2021〕29号"


def silent(what, done, total):
    """A progress that shows nothing."""


@contextmanager
def listening(handler):
    """An HTTP server on this machine that answers by a handler, until the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port():
    """A port on which nothing listens."""
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture(scope="session", autouse=True)
def _only_loopback():
    """Any look-up of an outside host fails the test that makes it."""
    real = socket.getaddrinfo

    def local_only(host, *args, **kwargs):
        assert host in (None, "localhost", "127.0.0.1", "::1", "0.0.0.0", socket.gethostname()), f"outside host: {host}"
        return real(host, *args, **kwargs)

    socket.getaddrinfo = local_only
    yield
    socket.getaddrinfo = real


@pytest.fixture(scope="session")
def ingested(tmp_path_factory, request):
    """A data folder that nobody writes to; the processes that share the tests make it once."""
    alone = tmp_path_factory.getbasetemp()
    shared = alone.parent if hasattr(request.config, "workerinput") else alone
    with FileLock(shared / "ingested.lock"):
        if not (shared / "ingested").exists():
            ingest_builtin(Library(shared / "ingesting"), silent)
            (shared / "ingesting").rename(shared / "ingested")
    return shared / "ingested"


@pytest.fixture(scope="session")
def home(ingested, tmp_path_factory):
    return shutil.copytree(ingested, tmp_path_factory.mktemp("home"), dirs_exist_ok=True)


@pytest.fixture(scope="session")
def vectors(ingested):
    """Puts the vectors of what is built in into a data folder: they are found by what they are of, and take longest."""

    def give(folder):
        for index in (ingested / "indexes").glob("dense-*"):
            shutil.copytree(index, folder / "indexes" / index.name)

    return give


@pytest.fixture(scope="session")
def filled(home):
    """Makes a data folder that holds what the session's holds, without conversations; gives its library."""

    def make(folder):
        shutil.copytree(home, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("state.db*"))
        return Library(folder)

    return make


@pytest.fixture(scope="session")
def library(home):
    return Library(home)


@pytest.fixture(scope="session")
def chain(library):
    return KepuChain(library, lambda: date(2026, 11, 24))


@pytest.fixture(scope="session")
def talking(library, home):
    """The chain with a store of conversations."""
    from vectorstore.state import StateStore

    return KepuChain(library, lambda: date(2026, 11, 24), StateStore(home))


@pytest.fixture(scope="session")
def expected():
    """The notice's duties and facts as a person read and wrote them down."""
    table = yaml.safe_load((ROOT / "evals/truth/赣府发〔2021〕29号.yaml").read_text(encoding="utf-8"))
    return {clause["path"]: clause for clause in table["clauses"]}


@pytest.fixture(scope="session")
def run(home):
    """Runs the command line on the session's data folder (or another), returns the finished process."""

    def call(*args, home=home, timeout=120, **kwargs):
        env = {**os.environ, "KEPU_HOME": str(home), "KEPU_TODAY": "2026-11-24", **kwargs.pop("env", {})}
        return subprocess.run(
            [str(KEPU), *map(str, args)], capture_output=True, text=True, timeout=timeout, env=env, **kwargs
        )

    return call


@contextmanager
def chroma_server(folder, port):
    """`chroma run` on a folder; gives its address."""
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(folder), "--host", "127.0.0.1"]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{url}/api/v2/heartbeat").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def found_tool(name):
    """A server's program: Debian keeps it outside of the path of ordinary users."""
    places = ["/usr/sbin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))]
    return shutil.which(name, path=os.pathsep.join([os.environ["PATH"], *places]))


@pytest.fixture(scope="session")
def cluster():
    """The address of a PostgreSQL server that is started for the run and stopped after it; root starts it as postgres."""
    folder = Path(tempfile.mkdtemp(prefix="kepu-pg-"))
    options, port = {}, free_port()
    if os.geteuid() == 0:
        options["user"] = "postgres"
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def pg(program, *args):
        subprocess.run(
            [str(a) for a in (found_tool(program), *args)], check=True, stdout=subprocess.DEVNULL, cwd=folder, **options
        )

    pg("initdb", "-D", data, "-U", "kepu", "-A", "trust", "--no-sync")
    pg("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"-p {port} -h 127.0.0.1 -k {folder}", "start")
    yield f"127.0.0.1:{port}"
    pg("pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def postgresql(cluster):
    """The URL of an empty database, as SQLAlchemy wants it."""
    return new_database(cluster).replace("postgresql://", "postgresql+psycopg://")


def new_database(cluster):
    """The URL of an empty database, as people write it."""
    name, (host, port) = f"d{uuid4().hex}", cluster.split(":")
    subprocess.run(["createdb", "-h", host, "-p", port, "-U", "kepu", name], check=True)
    return f"postgresql://kepu@{cluster}/{name}"
