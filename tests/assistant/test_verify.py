"""The check of generated sentences: what share of wrong ones it catches, and of right ones it lets pass."""

import pytest

from assistant.verify import Verifier, read_sentence
from evals.generated import judge_sentences, source
from evals.generated.mutants import judge_mutants
from tests.conftest import KEY

SEED = 20261125


@pytest.fixture(scope="module")
def snapshot(library):
    return library.current()


def share(judged):
    return sum(j.told for j in judged) / len(judged)


@pytest.mark.parametrize(("name", "least"), [("sentences", 0.95), ("unseen", 0.85)])
def test_most_wrong_sentences_written_by_hand_are_caught_and_right_ones_pass(snapshot, name, least):
    judged = list(judge_sentences(snapshot, KEY, name))
    right, wrong = [j for j in judged if j.right], [j for j in judged if not j.right]
    assert len(judged) >= 100
    assert share(wrong) >= least, [j.text for j in wrong if not j.told]
    assert share(right) >= 0.95, [(j.text, j.faults) for j in right if not j.told]


def test_no_wrong_department_role_number_date_or_name_written_by_hand_gets_through(snapshot):
    missed = [
        j.text
        for name in ("sentences", "unseen")
        for j in judge_sentences(snapshot, KEY, name)
        if not j.right and not j.told
    ]
    stated = [m for m in missed if any(c.isdigit() or c in "《“厅局委" for c in m)]
    assert stated == ["霜降籽10月8日前后摘，寒露籽10月23日前后摘。", "大骨头算“厨余垃圾”。"]


FLOORS = {
    "verbatim": 0.97,
    "number": 0.98,
    "hotline": 0.95,
    "department": 1.0,
    "role": 0.97,
    "quoted": 0.98,
    "sense": 0.9,
}


def test_sentences_of_the_sources_pass_and_the_same_with_one_thing_changed_are_caught(snapshot):
    made = judge_mutants(snapshot, KEY, SEED, most=150)
    assert set(made) == set(FLOORS)
    for way, judged in made.items():
        assert len(judged) > 40
        assert share(judged) >= FLOORS[way], (way, [j.text for j in judged if not j.told])


ROLES = {
    "由省总工会、省人力资源社会保障厅牵头。": True,
    "省总工会和省人社厅是牵头部门。": True,
    "牵头部门：省总工会、省人力资源社会保障厅。": True,
    "省总工会牵头负责，省人力资源社会保障厅也牵头。": True,
    "省总工会牵头，省人力资源社会保障厅配合。": False,
    "由省人力资源社会保障厅负责，省总工会协助。": False,
    "责任部门包括省总工会。": False,
}


@pytest.mark.parametrize(("said", "right"), ROLES.items(), ids=ROLES.keys())
def test_roles_are_told_apart(snapshot, said, right):
    verifier = Verifier([source(1, "二(三)", snapshot, KEY)], snapshot.names)
    found = {f.rule for f in verifier.faults(read_sentence(f"实施产业工人科学素质提升行动{said}[1]"))}
    assert ("role" not in found) == right


def test_beside_a_duty_list_no_department_may_be_named_not_even_a_right_one(snapshot):
    verifier = Verifier([source(1, "二(四)1", snapshot, KEY)], snapshot.names, nameless=True)
    found = verifier.faults(read_sentence("省科协普及智能技术知识和技能[1]。"))
    assert ("department", "省科协") in found
