"""Conversations are kept over restarts, end after a week, and go when their user says so."""

from vectorstore.state import LIFETIME, StateStore


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
