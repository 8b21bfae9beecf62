"""Conversations are kept over restarts, end after a week, and go when their user says so."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text

from tests.conftest import ROOT, free_port, new_database
from vectorstore.errors import StoreError
from vectorstore.inbox import Inbox
from vectorstore.state import KEPT, LEASE, LIFETIME, StateStore


def test_a_session_outlives_the_process(tmp_path):
    StateStore(tmp_path).put("甲", {"step": 2})
    assert StateStore(tmp_path).get("甲") == {"step": 2}


def test_sessions_do_not_mix(tmp_path):
    store = StateStore(tmp_path)
    store.put("甲", {"step": 1})
    store.put("乙", {"step": 2})
    assert store.get("甲") == {"step": 1} and store.get("乙") == {"step": 2} and store.get("丙") == {}


def test_a_session_ends_and_is_swept(tmp_path):
    now = [1000.0]
    store = StateStore(tmp_path, clock=lambda: now[0])
    store.put("甲", {"step": 1})
    now[0] += LIFETIME - 1
    assert store.get("甲") == {"step": 1}
    now[0] += 2
    assert store.get("甲") == {} and store.sweep() == 1


def test_a_user_can_delete_a_session(tmp_path):
    store = StateStore(tmp_path)
    store.put("甲", {"step": 1})
    store.forget("甲")
    assert store.get("甲") == {}


@pytest.fixture(params=["sqlite", "postgresql"])
def open_store(request, tmp_path):
    """Opens the state of one place as often as asked: in a folder, or in a real PostgreSQL."""
    url = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    stores = []

    def start(**more):
        stores.append(StateStore(tmp_path, url, **more))
        return stores[-1]

    yield start
    for store in stores:
        store.close()


def test_a_message_is_claimed_once_and_its_answer_outlives_the_process(open_store):
    store = open_store()
    assert store.claim("m1") and not store.claim("m1")
    assert store.settled("m1") is None
    store.settle("m1", {"text": "答"})
    again = open_store()
    assert again.settled("m1") == {"text": "答"} and not again.claim("m1")


def test_of_many_that_claim_a_message_at_once_one_gets_it(open_store):
    stores = [open_store() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for n in range(20):
            assert sum(pool.map(lambda store, n=n: store.claim(f"m{n}"), stores)) == 1


def test_a_claim_is_taken_over_only_when_its_holder_gives_no_sign_of_life(open_store):
    now = [1000.0]
    store = open_store(clock=lambda: now[0])
    store.claim("m1")
    for _ in range(4):
        now[0] += LEASE - 0.1
        store.hold("m1")
        assert not store.claim("m1")
    now[0] += LEASE
    assert store.claim("m1") and not store.claim("m1")
    store.settle("m1", {"text": "答"})
    now[0] += LEASE
    assert not store.claim("m1")


def test_exchanges_are_swept_when_no_retry_can_come_any_more(open_store):
    now = [1000.0]
    store = open_store(clock=lambda: now[0])
    store.claim("m1")
    now[0] += KEPT + 1
    assert store.sweep() == 1 and store.claim("m1")


def test_a_session_moves_on_with_the_answer_or_not_at_all(open_store):
    store = open_store()
    store.put("甲", {"step": 1})
    store.claim("m1")
    draft = store.draft("甲", "m1")
    store.put(draft, {"step": 2})
    assert store.get("甲") == {"step": 1}
    store.settle("m1", {"text": "第2步"}, draft, "甲")
    assert store.get("甲") == {"step": 2} and store.get(draft) == {}
    store.settle("m1", {"text": "第2步"}, draft, "甲")
    assert store.get("甲") == {"step": 2}


def test_a_database_that_was_started_again_is_connected_to_anew(postgresql):
    store = StateStore(None, postgresql)
    store.put("甲", {"step": 1})
    other = create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        all_others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        connection.execute(text(f"{all_others} AND datname = current_database()"))
    assert store.get("甲") == {"step": 1}


def test_a_database_that_is_not_there_is_an_error_of_ours(tmp_path):
    with pytest.raises(StoreError):
        StateStore(tmp_path, f"postgresql+psycopg://kepu@127.0.0.1:{free_port()}/none")


START = """
import sys
from pathlib import Path
from vectorstore.inbox import Inbox
from vectorstore.knowledge import Knowledge
from vectorstore.state import StateStore

print("ready", flush=True)
for line in sys.stdin:
    home, url = line.rstrip("\\n").split(" ")
    store, inbox = StateStore(Path(home), url or None), Inbox(Path(home), url or None)
    inbox.put("unanswered", "问", "答")
    Knowledge(Path(home)).version()
    print(store.claim("m1"), flush=True)
"""


@pytest.mark.parametrize("place", ["sqlite", "postgresql"])
def test_several_processes_may_start_at_once_on_an_empty_place(cluster, tmp_path, place):
    command, pipe = [sys.executable, "-c", START], subprocess.PIPE
    started = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) for _ in range(5)]
    assert {process.stdout.readline() for process in started} == {"ready\n"}
    for n in range(6):
        url = new_database(cluster).replace("://", "+psycopg://") if place == "postgresql" else ""
        for process in started:
            process.stdin.write(f"{tmp_path / str(n)} {url}\n")
            process.stdin.flush()
        assert sorted(process.stdout.readline() for process in started) == ["False\n"] * 4 + ["True\n"]
        assert len(Inbox(tmp_path / str(n), url or None).items()) == 5
    for process in started:
        process.communicate(timeout=30)
