"""Facts of the notice: number, dates, period, targets, and what a clause says."""

import pytest

from vectorstore.errors import QuestionTooLong
from vectorstore.text import squeeze


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("这个文件的文号是多少", "赣府发〔2021〕29号"),
        ("这个方案是哪里印发的", "江西省人民政府"),
        ("方案哪天印发的", "2022年1月7日"),
        ("方案的实施期是哪几年", "2021—2025年"),
        ("到2025年公民具备科学素质的比例目标是多少", "15%"),
        ("农业从业人员要培训多少人次", "30万人次"),
        ("农村创新创业带头人要培育多少名", "3万名"),
        ("每年要培训多少名科技辅导员", "3000名科技辅导员"),
        ("现代科技馆体系建设有什么目标", "主题科普场馆全覆盖"),
        ("优质科普资源、科普服务下沉基层的目标", "实现各地全覆盖"),
        ("把三(三)1的原文贴出来", "积极推行科技馆登记注册制度和年报制度"),
        ("科普经费怎么保障", "列入同级财政预算"),
        ("公务员考试要考科学知识吗", "把科学知识纳入考试范围"),
    ],
)
def test_the_notice_is_quoted(chain, asked, said):
    answer = chain.invoke(asked)
    assert answer.kind == "fact", answer.text
    assert squeeze(said) in squeeze(answer.text)
    assert answer.citations


@pytest.mark.parametrize("asked", ["", "   ", "\0🙂", "谁负责"])
def test_an_empty_or_bare_question_is_asked_back_with_choices(chain, asked):
    answer = chain.invoke(asked)
    assert answer.kind == "clarify" and answer.suggestions


def test_a_question_of_10000_characters_is_refused(chain):
    with pytest.raises(QuestionTooLong):
        chain.invoke("谁" * 10_000)


@pytest.mark.parametrize("asked", ["你好", "谢谢", "你是谁"])
def test_small_talk(chain, asked):
    assert chain.invoke(asked).kind == "chat"


def test_the_chain_is_a_langchain_runnable(chain):
    import asyncio

    from langchain_core.runnables import Runnable, RunnableLambda

    assert isinstance(chain, Runnable)
    asked = "银龄科普行动由谁负责"
    texts = {chain.invoke(asked).text, chain.batch([asked])[0].text, list(chain.stream(asked))[-1].text}
    texts.add(asyncio.run(chain.ainvoke(asked)).text)
    texts.add((chain | RunnableLambda(lambda a: a.text)).invoke(asked))
    assert len(texts) == 1
