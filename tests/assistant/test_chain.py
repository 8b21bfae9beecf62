"""The chain as a LangChain Runnable."""

import asyncio

from langchain_core.runnables import Runnable, RunnableLambda

ASKED = "银龄科普行动由谁负责"


def test_every_way_to_call_the_chain_gives_the_same_answer(chain):
    assert isinstance(chain, Runnable)
    once = chain.invoke(ASKED).to_dict()
    several = [
        asyncio.run(chain.ainvoke(ASKED)),
        chain.batch([ASKED])[0],
        list(chain.stream(ASKED))[-1],
        (chain | RunnableLambda(lambda answer: answer)).invoke(ASKED),
    ]
    for answer in several:
        assert {**answer.to_dict(), "timing_ms": {}} == {**once, "timing_ms": {}}


def test_many_questions_at_once_do_not_mix(talking):
    asked = [{"question": q, "session": f"s{n}"} for n, q in enumerate(["智慧助老归谁", "农民职业技能大赛归谁"] * 8)]
    answers = talking.batch(asked, config={"max_concurrency": 8})
    for request, answer in zip(asked, answers, strict=True):
        assert answer.to_dict()["question"] == request["question"]
