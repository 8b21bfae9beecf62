"""Short replies are heard by their likeness to examples, in dialect and misspelled too."""

from importlib import resources

import pytest
import yaml

from assistant.moves import Examples, examples


@pytest.mark.parametrize(
    ("said", "move"),
    [
        ("上一部", "back"), ("下一布", "next"), ("xia yi bu", "next"), ("搞好咯", "done"), ("冇看到", "unclear"),
        ("看到了", "done"), ("没看到", "unclear"), ("莫急", "wait"), ("等我一哈", "wait"), ("不学了算了", "stop"),
        ("麻烦你再讲一遍啊", "again"), ("换个别的法子", "other"), ("接着昨天的弄", "resume"), ("从头再讲一遍", "restart"),
    ],
)  # fmt: skip
def test_what_is_said_to_a_guide_is_heard(said, move):
    assert examples("moves").likest(said).name == move


def test_most_examples_are_heard_by_the_others_alone():
    said = yaml.safe_load((resources.files("assistant") / "moves.yaml").read_text(encoding="utf-8"))
    assert all(len(lines) >= 25 for lines in said.values())
    heard = [
        Examples({move: [x for x in lines if x is not line] for move, lines in said.items()}).likest(str(line)).name
        == name
        for name, own in said.items()
        for line in own
    ]
    assert sum(heard) / len(heard) > 0.8


def test_questions_of_life_are_seldom_like_a_move(library):
    asked = [line for card in library.current().cards.values() for line in card.asked_as]
    assert sum(examples("moves").likest(line).likeness >= 0.5 for line in asked) / len(asked) < 0.005
