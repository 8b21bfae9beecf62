"""Pasted messages: a text of the kind that frauds send is recognised as such and answered, never followed."""

from __future__ import annotations

import re

from assistant.answer import Answer, Kind, Line
from assistant.science import cite_card, label_of
from prompts import choices
from vectorstore import text
from vectorstore.library import Snapshot
from vectorstore.records import Card, Tier

_SIGNS = (
    re.compile(r"【[^】]{2,20}】|\[[^\]]{2,20}\]"),
    re.compile(
        r"https?://|www\.|[a-z0-9-]+\.(?:cn|com|net|top|xyz|vip|cc|info|shop)\b|t\.cn|点击(?:链接|此处|下方|查看|领取)|复制(?:链接|口令)|退订"
    ),
    re.compile(
        r"账户异常|账号异常|停用|冻结|注销|逾期|失效|涉嫌|核实身份|重新认证|安全账户|清零|欠费停机|扣(?:费|款)成功|被盗刷|异地登录"
    ),
    re.compile(r"(?:\d+|二十四|四十八)(?:小时|分钟|日)内|立即|马上(?:处理|点击|办理)|今日(?:截止|到期)|过期作废|尽快"),
    re.compile(
        r"中奖|奖金|恭喜您|恭喜你|补贴(?:待|可)?(?:领取|发放)|领取(?:补贴|奖品|红包|礼品)|免费(?:领|送)|退款|理赔|返现|高额回报|日(?:赚|结)|兼职"
    ),
    re.compile(
        r"(?:回复|提供|发送|输入|告知)[^。]{0,8}(?:验证码|卡号|密码|身份证)|转账|汇款|(?:钱|资金|存款|余额)[^。]{0,8}(?:转到|转入|转给|转至|打到|归集)|(?:先|需|请)[^。]{0,6}交[^。]{0,8}(?:费|元|钱|税)|缴纳(?:保证金|手续费|税)|打款|加(?:我|微信|qq|客服)"
    ),
    re.compile(r"(?:您|尊敬的)(?:的|用户|客户|家长)|尊敬的|亲爱的(?:用户|客户|会员)"),
    re.compile(
        r"(?:这里是|我是|我们是)[^，。、]{0,12}(?:公安|派出所|警察|民警|法院|检察院|社保|医保|银保监|银行|通信管理局|客服|海关|税务)"
    ),
)
"""Signs of a fraudulent message: sender's mark, link, threat, hurry, gain, a request for codes or money,
address, who it says it is from."""

_GAIN, _REQUEST = 4, 5
_ENOUGH = 3
_ENOUGH_WITH_MARK = 2
_LEAST = 18
_ASKS = re.compile(
    r"(?:怎么办|咋办|咋整|是真的吗|真的假的|能信吗|可信吗|是不是骗|靠谱吗|要不要|能不能|该不该)[？?吗]?$"
)


def is_pasted(question: str) -> bool:
    """Whether a question is, or contains, a message that was pasted in and carries the signs of a fraud."""
    normal = text.normalise(question)
    if len(normal) < _LEAST:
        return False
    found = [bool(sign.search(normal) or sign.search(question)) for sign in _SIGNS]
    marked = found[0] or found[1] or (found[_GAIN] and found[_REQUEST])
    return sum(found) >= (_ENOUGH_WITH_MARK if marked else _ENOUGH) and not (_ASKS.search(normal) and not found[1])


def answer_pasted(question: str, snapshot: Snapshot) -> Answer | None:
    """What to do with it: nothing it asks for. None when no fraud card is there to cite."""
    card = _nearest(question, snapshot)
    if card is None:
        return None
    return Answer(
        Kind.SCIENCE, tuple(Line("", said) for said in choices("pasted_message")), citations=(cite_card(card),),
        suggestions=(card.title, *choices("pasted_after")), card=card.id, label=label_of(card),
    )  # fmt: skip


def _nearest(question: str, snapshot: Snapshot) -> Card | None:
    hits = snapshot.retriever.search(question, Tier.CARD, ("scam",), limit=1)
    found = [snapshot.cards[h.passage.locator] for h in hits]
    return found[0] if found else next((c for c in snapshot.cards.values() if c.kind == "scam"), None)
