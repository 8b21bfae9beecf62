"""What a chat shows is judged: marks left, parts too long or cut in a sentence, numbers, departments, progress lost."""

from dataclasses import replace

import pytest

from assistant.answer import Line
from assistant.plain import tap, untappable
from evals.chat import judge_chat, judge_messages, messages


@pytest.fixture(scope="module")
def long_list(chain):
    return chain.invoke("请列出省科协在本方案中承担的全部任务")


@pytest.mark.parametrize("link", [tap, untappable])
def test_a_long_answer_is_right_in_several_messages(long_list, link):
    long = replace(long_list, lines=(*long_list.lines, Line("", "这句话说完就停。" * 200)))
    assert len(messages(long, link)) > 1 and judge_chat(long, ("省科协", "30")) == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda sent: [f"**{sent[0]}**"], "标记"), (lambda sent: [f"# {sent[0]}"], "标记"),
        (lambda sent: [f"{sent[0]}\n| 部门 | 角色 |"], "标记"), (lambda sent: [f"{sent[0]}[看](http://a)"], "标记"),
        (lambda sent: [sent[0] * 9], "字节"), (lambda sent: [sent[0].replace("省科协", "某会")], "丢了“省科协”"),
        (lambda sent: [sent[0].replace("30", "")], "丢了“30”"), (lambda sent: ["<b>", *sent], "标签"),
    ],
)  # fmt: skip
def test_messages_that_are_spoilt_are_faults(long_list, spoil, fault):
    sent = messages(long_list, tap)
    assert list(judge_messages(long_list, sent)) == []
    assert fault in "".join(judge_messages(long_list, spoil(sent)))


def test_a_guide_without_its_progress_is_a_fault(chain):
    guide = chain.invoke("手机字太小怎么放大")
    sent = messages(guide, tap)
    assert judge_chat(guide, ("第1步",)) == []
    assert "第几步" in "".join(judge_messages(guide, [sent[0].replace("第1步", "先")]))
    assert judge_chat(guide, ("96110",)) == ["聊天里少了“96110”"]
