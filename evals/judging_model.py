"""The judging model: what a chat model thinks of a sample of answers, measured by deepeval. An opinion, never a gate.

The exact judge, which decides about right and wrong, is `judge.py`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.generated import without_thoughts
from evals.run import Given, Outcome
from prompts import template

if TYPE_CHECKING:
    from deepeval.metrics import BaseMetric
    from langchain_core.language_models import BaseChatModel

FAITHFUL, RELEVANT, PLAIN = "说的都有出处", "答的是所问", "老人好懂"
_QUIET = {"DEEPEVAL_TELEMETRY_OPT_OUT": "1", "DEEPEVAL_DISABLE_DOTENV": "1", "CONFIDENT_TRACING_ENABLED": "NO"}
"""deepeval otherwise reports its use, reads .env and makes a folder where the program was started."""
_SEED = 9
_LONGEST_FAULT = 200


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model thinks of an answer by one metric: 0 to 1, or None when it gave nothing usable.

    `reason` is the model's; without a score it says what went wrong.
    """

    metric: str
    question: str
    answer: str
    score: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The opinions by one metric together: the mean of those that were judged (None without any), and their number."""

    metric: str
    mean: float | None
    judged: int
    of: int


def open_panel(chat: BaseChatModel, name: str) -> dict[str, BaseMetric]:
    """deepeval's metrics, judged by a chat model. Raises ImportError when deepeval is not installed."""
    os.environ.update(_QUIET)
    from deepeval.metrics import AnswerRelevancyMetric, FaithfulnessMetric, GEval
    from deepeval.models import DeepEvalBaseLLM
    from deepeval.test_case import SingleTurnParams
    from langchain_core.messages import HumanMessage, SystemMessage

    manner = SystemMessage(template("judge-manner").text)

    class Judge(DeepEvalBaseLLM):  # type: ignore[misc]
        """The chat model as deepeval wants it: text in, text out."""

        def load_model(self) -> BaseChatModel:
            return chat

        def generate(self, prompt: str) -> str:
            return without_thoughts(chat.invoke([manner, HumanMessage(prompt)]).text)

        async def a_generate(self, prompt: str) -> str:
            return without_thoughts((await chat.ainvoke([manner, HumanMessage(prompt)])).text)

        def get_model_name(self) -> str:
            return name

    judge = Judge(name)
    plain = GEval(
        PLAIN, [SingleTurnParams.INPUT, SingleTurnParams.ACTUAL_OUTPUT], model=judge, async_mode=False,
        evaluation_steps=template("judge-plain").text.splitlines(),
    )  # fmt: skip
    return {
        FAITHFUL: FaithfulnessMetric(model=judge, async_mode=False),
        RELEVANT: AnswerRelevancyMetric(model=judge, async_mode=False),
        PLAIN: plain,
    }


def sample(outcomes: Mapping[str, Sequence[Outcome]], most: int) -> list[Given]:
    """At most so many of the answers that cite something, the same ones for the same run."""
    cited = [g for found in outcomes.values() for o in found for g in o.given if g.answer.get("citations")]
    return random.Random(_SEED).sample(cited, min(most, len(cited)))


def opinions(panel: Mapping[str, BaseMetric], sampled: Iterable[Given], done: Callable[[], object]) -> list[Opinion]:
    """The opinions on answers, with their citations as what was found; `done` is called after each answer."""
    found: list[Opinion] = []
    for given in sampled:
        found += _of_answer(panel, given)
        done()
    return found


def _of_answer(panel: Mapping[str, BaseMetric], given: Given) -> Iterator[Opinion]:
    from deepeval.test_case import LLMTestCase

    said = str(given.answer["text"])
    quoted = [f"{c['title']}：{c['quote']}" for c in given.answer["citations"]]
    case = LLMTestCase(input=given.question, actual_output=said, retrieval_context=quoted)
    for name, metric in panel.items():
        yield Opinion(name, given.question, said, *_judged(metric, case))


def _judged(metric: BaseMetric, case: Any) -> tuple[float | None, str]:
    try:
        score = float(metric.measure(case, _show_indicator=False))
        if not 0 <= score <= 1:
            raise ValueError(f"score {score}")
        return score, str(metric.reason or "")
    except Exception as error:  # noqa: BLE001 (what a model's rubbish makes the library stumble on has no common type)
        return None, f"{type(error).__name__}: {error}"[:_LONGEST_FAULT]


def verdicts(found: Sequence[Opinion]) -> list[Verdict]:
    """The opinions put together, one for each metric."""
    return [
        _verdict(name, [o.score for o in found if o.metric == name]) for name in dict.fromkeys(o.metric for o in found)
    ]


def _verdict(name: str, scores: Sequence[float | None]) -> Verdict:
    judged = [s for s in scores if s is not None]
    return Verdict(name, sum(judged) / len(judged) if judged else None, len(judged), len(scores))
