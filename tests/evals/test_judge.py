"""Does it measure? Each way of breaking the program on purpose makes the right suite fail."""

from dataclasses import replace

import pytest

from evals.judge import judge
from evals.metrics import share
from evals.run import run_suite
from evals.suite import Expect, Turn, load_suites
from vectorstore.records import Role


class Broken:
    """A chain whose answers are spoilt before they are given."""

    def __init__(self, chain, spoil):
        self._chain, self._spoil = chain, spoil

    def invoke(self, asked):
        return self._spoil(self._chain.invoke(asked))


def without_science_association(answer):
    return replace(answer, duties=tuple(d for d in answer.duties if d.department != "省科协"))


def with_roles_swapped(answer):
    other = {Role.LEAD: Role.RESPONSIBLE, Role.RESPONSIBLE: Role.LEAD}
    return replace(answer, duties=tuple(replace(d, role=other[d.role]) for d in answer.duties))


def with_citations_shifted(answer):
    return replace(answer, citations=tuple(replace(c, locator="一(一)") for c in answer.citations))


def without_refusals(answer):
    from assistant.answer import Kind

    return replace(answer, kind=Kind.FACT, refusal=None) if answer.refusal else answer


@pytest.mark.parametrize(
    ("suite", "spoil"),
    [
        ("who-plain", without_science_association), ("sets", with_roles_swapped),
        ("facts", with_citations_shifted), ("refusals", without_refusals),
    ],
)  # fmt: skip
def test_a_broken_program_fails_the_right_suite(talking, suite, spoil):
    cases = load_suites((suite,))[suite][:60]
    assert share(run_suite(Broken(talking, spoil), cases, lambda: None)).value < 0.75


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
