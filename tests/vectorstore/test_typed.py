"""Typed pinyin is read as the words that are known here."""

import pytest

from vectorstore.typed import TypedPinyin

WHO = ("谁", "谁来", "哪些部门", "几项", "牵头")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zhihui zhulao", "智慧助老"),
        ("zhihuizhulao shei guan", "智慧助老谁管"),
        ("yinling kepu xingdong", "银龄科普行动"),
        ("nongmingong peixun na xie bumen guan", "农民工培训哪些部门管"),
        ("wo mama you gaoxueya zenme ban", "我妈妈有高血压怎么办"),
        ("有 tangniaobing 能不能吃水果", "有 糖尿病 能不能吃水果"),
    ],
)
def test_pinyin_becomes_the_words_it_stands_for(library, typed, meant):
    assert library.current().typed.read(typed, WHO) == meant


@pytest.mark.parametrize(
    "said",
    ["智慧助老", "Which departments lead it?", "wifi连不上", "微信app打不开", "5G辐射", "AI是什么", "NBA", "a", ""],
)
def test_what_is_no_pinyin_stays_as_it_is(library, said):
    assert library.current().typed.read(said).lower() == said.lower()


def test_words_that_are_missing_are_counted_anew(tmp_path):
    with pytest.raises(ValueError, match="no words"):
        TypedPinyin(tmp_path)
