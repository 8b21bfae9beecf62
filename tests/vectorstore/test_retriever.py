"""The retriever as LangChain sees it, and the wordings it understands."""

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from vectorstore import text
from vectorstore.records import Tier


def test_it_is_a_langchain_retriever(library):
    retriever = library.current().retriever
    assert isinstance(retriever, BaseRetriever)
    found = retriever.invoke("智慧助老服务")
    assert isinstance(found[0], Document) and found[0].metadata["locator"] == "二(四)1"


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("智慧住老", "二(四)1"), ("银铃科普", "二(四)3"), ("zhihui zhulao", "二(四)1"), ("智慧助老", "二(四)1"),
        ("科技館免費開放", "三(三)1"), ("外卖小哥学科学", "二(三)4"), ("国家基础学科拔尖学生培养计划", "二(一)3"),
    ],
)  # fmt: skip
def test_slips_pinyin_traditional_and_everyday_words_are_found(library, asked, path):
    assert library.current().retriever.search(asked, Tier.NOTICE)[0].passage.locator == path


def test_one_notice_can_be_searched_alone(library):
    assert library.current().retriever.search("智慧助老", Tier.NOTICE, ["别的通知"]) == []


def test_normalising_unifies_width_script_and_case():
    assert text.normalise("（科普）ＡＢＣ　誰負責\0") == "(科普)abc 谁负责"


def test_typed_pinyin_is_cut_into_syllables():
    assert text.split_pinyin("zhihuizhulao") == ["zhi", "hui", "zhu", "lao"]
    assert text.split_pinyin("xml") == []
