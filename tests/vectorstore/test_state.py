"""Conversations are kept over restarts, end after a week, and go when their user says so."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest

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


def start_together(barrier, home, url, claimed):
    """Run in a process of its own: opens what is kept beside the truth at the same moment as others."""
    barrier.wait(60)
    store, inbox = StateStore(home, url), Inbox(home, url)
    inbox.put("unanswered", "问", "答")
    claimed.put(store.claim("m1"))


@pytest.mark.parametrize("place", ["sqlite", "postgresql"])
def test_several_processes_may_start_at_once_on_an_empty_place(request, tmp_path, place):
    url = request.getfixturevalue("postgresql") if place == "postgresql" else None
    context = multiprocessing.get_context("spawn")
    barrier, claimed = context.Barrier(6), context.Queue()
    processes = [context.Process(target=start_together, args=(barrier, tmp_path, url, claimed)) for _ in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 6
    assert sorted(claimed.get() for _ in processes) == [False] * 5 + [True]
    assert len(Inbox(tmp_path, url).items()) == 6
