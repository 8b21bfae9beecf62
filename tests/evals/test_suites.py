"""The suites, run as anyone runs them: each is as good as its floor says."""

from datetime import date
from functools import cache

import pytest

from assistant import KepuChain
from evals.metrics import share
from evals.own_files import library_beside
from evals.run import run_suite
from evals.suite import load_suites, own_files
from evals.thresholds import missed, read_thresholds
from tests.conftest import silent
from vectorstore.state import StateStore

SUITES = load_suites()


@pytest.fixture(scope="module")
def asked(library, home, tmp_path_factory):
    """What came of a suite, asked when it is first wanted: several processes share the tests."""

    def chain(name):
        apart, files = tmp_path_factory.mktemp(name), own_files(name)
        known = library_beside(files, home, apart, None, silent) if files else library
        return KepuChain(known, lambda: date(2026, 11, 24), StateStore(apart))

    return cache(lambda name: run_suite(chain(name), SUITES[name], lambda: None))


@pytest.mark.parametrize("name", SUITES, scope="module")
def test_a_suite_is_as_good_as_its_floor(asked, name):
    found = share(asked(name))
    wrong = [g for o in asked(name) for g in o.given if g.faults]
    assert missed({name: found}, read_thresholds()) == [], [(g.question, g.faults) for g in wrong][:20]


def test_every_suite_has_a_floor():
    assert set(read_thresholds()) == set(SUITES)


@pytest.mark.parametrize("name", SUITES, scope="module")
def test_every_answer_keeps_the_contract(asked, name):
    for outcome in asked(name):
        for given in outcome.given:
            answer = given.answer
            assert (answer["kind"] == "refusal") == bool(answer["refusal"]), given.question
            assert not (answer["kind"] == "refusal" and answer["duties"]), given.question
            if answer["kind"] in ("fact", "science"):
                assert answer["citations"], given.question
            for duty in answer["duties"]:
                assert duty["department"] in answer["text"], given.question
            if answer["kind"] == "clarify":
                assert answer["suggestions"], given.question
