"""A question from use becomes a case once a person has written what is right."""

import pytest

from evals.suite import load_suites
from vectorstore.inbox import UNANSWERED, Inbox


def test_an_unanswered_question_becomes_a_case_with_one_command(run, filled, tmp_path):
    filled(tmp_path)
    asked = "省里今年科普经费一共多少钱"
    run("ask", asked, home=tmp_path)
    listed = run("inbox", "unanswered", home=tmp_path)
    assert "经费" in listed.stdout
    (item,) = Inbox(tmp_path).items(UNANSWERED)
    assert item.question == asked
    done = run("case", item.id, "{kind: refusal, refusal: not_in_sources}", home=tmp_path)
    assert done.returncode == 0, done.stderr
    (case,) = load_suites(("own",), tmp_path / "suites")["own"]
    assert case.turns[0].question == asked and case.turns[0].expect.refusal == ("not_in_sources",)
    assert Inbox(tmp_path).items() == []
    assert run("eval", "--folder", tmp_path / "suites", "--report", tmp_path / "r", home=tmp_path).returncode == 0


@pytest.mark.parametrize("expected", ["who", "{nonsense: 1}", "{who: ["])
def test_an_expectation_that_is_none_changes_nothing(run, tmp_path, expected):
    id_ = Inbox(tmp_path).put(UNANSWERED, "问", "答")
    failed = run("case", id_, expected, home=tmp_path)
    assert failed.returncode == 1 and len(failed.stderr.strip().splitlines()) <= 2
    assert not (tmp_path / "suites/own.yaml").exists() and Inbox(tmp_path).items()


def test_an_item_that_does_not_exist_is_named(run, tmp_path):
    failed = run("case", 99, "who: 二(四)1", home=tmp_path)
    assert failed.returncode == 1 and "99" in failed.stderr
