"""Does it measure? Each way of breaking the program on purpose makes the right suite fail."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from assistant import KepuChain
from evals.judge import judge
from evals.metrics import share
from evals.run import run_suite
from evals.suite import Expect, Turn, load_suites
from evals.thresholds import missed, read_thresholds
from vectorstore.library import Library
from vectorstore.records import Role
from vectorstore.state import StateStore


class Broken:
    """A chain whose answers are spoilt before they are given."""

    def __init__(self, chain, spoil):
        self._chain, self._spoil = chain, spoil

    def invoke(self, asked):
        return self._spoil(self._chain.invoke(asked))


def with_roles_swapped(answer):
    other = {Role.LEAD: Role.RESPONSIBLE, Role.RESPONSIBLE: Role.LEAD}
    return replace(answer, duties=tuple(replace(d, role=other[d.role]) for d in answer.duties))


def with_citations_shifted(answer):
    """Each citation gets the place of the next one, as when a list is off by one."""
    places = [*(c.locator for c in answer.citations[1:]), "一(一)"]
    return replace(answer, citations=tuple(map(at, answer.citations, places)))


def at(citation, place):
    return replace(citation, locator=place)


def without_refusals(answer):
    from assistant.answer import Kind

    return replace(answer, kind=Kind.FACT, refusal=None) if answer.refusal else answer


@pytest.fixture
def miswritten(filled, tmp_path):
    """Makes a chain over a truth that one statement has changed behind the program's back."""

    def make(statement):
        filled(tmp_path)
        with closing(sqlite3.connect(tmp_path / "knowledge.db")) as truth, truth:
            assert truth.execute(statement).rowcount > 0
        return KepuChain(Library(tmp_path), lambda: date(2026, 11, 24), StateStore(tmp_path))

    return make


DROPPED = "DELETE FROM duties WHERE department = '省科协'"
SWAPPED = "UPDATE duties SET role = CASE role WHEN 'lead' THEN 'responsible' ELSE 'lead' END"


def fails(chain, suite):
    """Whether a suite falls below its floor (its first cases, at most 200)."""
    found = share(run_suite(chain, load_suites((suite,))[suite][:200], lambda: None))
    return bool(missed({suite: found}, read_thresholds()))


@pytest.mark.parametrize("suite", ["who-plain", "sets", "facts", "refusals"])
def test_the_program_as_it_is_passes(talking, suite):
    assert not fails(talking, suite)


@pytest.mark.parametrize(("statement", "suite"), [(DROPPED, "who-plain"), (DROPPED, "sets"), (SWAPPED, "who-plain")])
def test_a_register_that_lost_a_department_or_swapped_roles_fails(miswritten, statement, suite):
    assert fails(miswritten(statement), suite)


@pytest.mark.parametrize(
    ("suite", "spoil"),
    [("sets", with_roles_swapped), ("facts", with_citations_shifted), ("refusals", without_refusals)],
)
def test_a_broken_program_fails_the_right_suite(talking, suite, spoil):
    assert fails(Broken(talking, spoil), suite)


def answer(**fields):
    empty = {"kind": "duty", "refusal": None, "text": "", "duties": [], "citations": []}
    return {**empty, **fields}


@pytest.mark.parametrize(
    ("expect", "given", "right"),
    [
        (Expect(number=14), answer(text="共14项"), True), (Expect(number=14), answer(text="共十四项"), True),
        (Expect(number=14), answer(text="共114项"), False), (Expect(number=2021), answer(text="2021年"), False),
        (Expect(must=("15％",)), answer(text="到 15% 以上"), True), (Expect(must_not=("省公安厅",)), answer(text="省公安厅"), False),
        (Expect(kind=("fact",)), answer(), False),
    ],
)  # fmt: skip
def test_words_and_numbers_are_judged_as_a_person_would(expect, given, right):
    assert (judge(Turn("问", expect), given) == []) is right
