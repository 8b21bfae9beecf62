"""Private numbers are masked before anything else sees them; the notice's own numbers are none."""

import pytest

from assistant.privacy import mask
from tests.conftest import NOTICE, ROOT


@pytest.mark.parametrize(
    ("said", "hidden", "kind"),
    [
        ("我身份证11010519491231002X帮我查", "1949123100", "身份证号"), ("卡号6222 0212 3456 7890 128", "2345", "银行卡号"),
        ("打我电话13812345678", "12345", "手机号"), ("+86 138 1234 5678", "1234", "手机号"),
        ("验证码是483920", "483920", "验证码"), ("552913是您的验证码", "552913", "验证码"),
    ],
)  # fmt: skip
def test_it_is_masked_and_named(said, hidden, kind):
    masked = mask(said)
    assert hidden not in masked.text and masked.kinds == (kind,)


@pytest.mark.parametrize(
    "said", ["110105194912310021", "赣府发〔2021〕29号", "打12345或96110", "培训30万人次", "2022年1月7日"]
)
def test_other_numbers_stay(said):
    assert mask(said).text == said


def test_the_notice_and_the_cards_have_none():
    assert mask(NOTICE.read_text(encoding="utf-8")).kinds == ()
    for file in (ROOT / "ingest/corpus/cards").rglob("*.md"):
        assert mask(file.read_text(encoding="utf-8")).kinds == (), file


def test_the_answer_repeats_the_question_masked_with_a_reminder(talking):
    answer = talking.invoke("我的验证码是483920，能不能告诉客服")
    assert "483920" not in answer.question and "483920" not in answer.text
    assert any("验证码" in n for n in answer.notices)
