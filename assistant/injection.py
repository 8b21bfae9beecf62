"""Injection: sentences in added documents that speak to a model instead of a reader are kept from it.

This is the outer fence only. What counts is the check of every sentence afterwards, and that duties never come from
a model.
"""

from __future__ import annotations

import re

from vectorstore.text import compact, strip_control

_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]?")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)|<(?:script|style)\b.*?(?:</(?:script|style)>|$)", re.DOTALL | re.IGNORECASE)
_ENCODED = re.compile(r"[A-Za-z0-9+/_=-]{24,}")
_COMMAND = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|不用管|跳过|覆盖|推翻).{0,12}(?:指令|要求|规则|提示|设定|命令|以上|之前|前面|上面|限制)"
    r"|(?:系统|新的?|最高|开发者|管理员).{0,3}(?:提示词?|指令|命令|模式|权限)|提示词|越狱"
    r"|你(?:现在|从现在起|今后|必须|只能|是一个|要扮演|被授权)|(?:扮演|假装|装作|模拟).{0,10}(?:助手|模型|机器人|管理员|系统|人)"
    r"|(?:回答|输出|回复|改成|改写成|说成|显示)(?:时|的时候|中)?(?:必须|请|要|一律|只|全部)?(?::|为|成|写成|说)"
    r"|(?:密钥|口令|密码|token|apikey).{0,6}(?:发|说|写|告诉|输出|显示|给)|(?:发|说|写|告诉|输出|显示|给).{0,6}(?:密钥|口令|apikey)"
    r"|人工智能助手|语言模型|大模型(?:请|必须|要)|ai助手"
    r"|ignore|disregard|forgetall|override|systemprompt|instruction|youarenow|youmust|jailbreak|apikey|developermode"
    r"|asanai|<\|im_|\[inst\]|###system|assistant:|system:|user:"
    r"|指示を|無視|システムプロンプト|이전지시|무시|игнорируй|инструкци|ignorez|ignoriere|ignoralas"
)


def without_commands(said: str) -> str:
    """A passage without hidden comments, encoded blobs and the sentences that give orders to a model."""
    said = _ENCODED.sub(" ", _COMMENT.sub(" ", strip_control(said)))
    kept = (s for s in _SENTENCE.findall(said) if not speaks_to_model(s))
    return "".join(kept).strip()


def speaks_to_model(sentence: str) -> bool:
    """Whether a sentence gives an order to a model, split words and spaces between characters included."""
    said = compact(sentence)
    joined = re.sub(r"[·・.,，、\-_*|/\\]+(?=\S)", "", said)
    return bool(_COMMAND.search(said) or _COMMAND.search(joined))
