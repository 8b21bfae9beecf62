"""Text normalisation and the three kinds of token. Index and query use the same functions."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Any

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACE = re.compile(r"\s+")
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+|\d+(?:\.\d+)?")
_PUNCTUATION = str.maketrans("（）［］【】，；：！？“”‘’「」『』．％", '()[][],;:!?""\'\'"""".%')
_DIGITS, _TEN = "零一二三四五六七八九", 10
_HAN = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """`text` in simplified characters."""
    return str(_simplifier().convert(text))


def strip_control(text: str) -> str:
    """`text` without control and invisible formatting characters (NUL, zero-width, bidi marks)."""
    return _CONTROL.sub("", text)


def squeeze(text: str) -> str:
    """`text` without any white space: the form in which quotes are compared with their source."""
    return _SPACE.sub("", text)


@lru_cache(maxsize=256)
def normalise(text: str) -> str:
    """The matching form: half-width, simplified, lower case, one kind of bracket and quotation mark."""
    text = unicodedata.normalize("NFKC", strip_control(text)).translate(_PUNCTUATION).lower()
    if _HAN.search(text):
        text = simplified(text)
    return _SPACE.sub(" ", text).strip()


def compact(text: str) -> str:
    """The matching form without any white space."""
    return squeeze(normalise(text))


def runs(text: str) -> list[str]:
    """The runs of Chinese characters, Latin letters and digits of a normalised text, in order."""
    return _RUN.findall(text)


def chinese_numeral(number: int) -> str:
    """A number below 100 in Chinese numerals (二十一); a larger one in digits."""
    tens, ones = divmod(number, 10)
    if tens >= _TEN:
        return str(number)
    head = (_DIGITS[tens] if tens > 1 else "") + "十" if tens else ""
    return head + (_DIGITS[ones] if ones or not tens else "")


def is_han(char: str) -> bool:
    """Whether `char` is a Chinese character."""
    return "\u3400" <= char <= "\u9fff"


def whole_word(text: str, at: int, length: int) -> bool:
    """Whether a Latin word found in a text is not a part of a longer one; Chinese has no such borders."""
    if not text[at].isascii():
        return True
    before, after = text[at - 1 : at] if at else "", text[at + length : at + length + 1]
    return not any(c.isascii() and c.isalnum() for c in (before, after) if c)


def grams(text: str) -> list[str]:
    """Characters and bigrams of Chinese runs, whole Latin words and numbers, of a normalised text."""
    tokens: list[str] = []
    for run in runs(text):
        if is_han(run[0]):
            tokens.extend(run)
            tokens.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            tokens.append(run)
    return tokens


def bigrams(text: str) -> list[str]:
    """Only the bigrams (a run of one character stands for itself), Latin words and numbers."""
    tokens: list[str] = []
    for run in runs(text):
        if is_han(run[0]) and len(run) > 1:
            tokens.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            tokens.append(run)
    return tokens


@lru_cache(maxsize=256)
def segment(text: str) -> tuple[str, ...]:
    """A text cut into words, nothing left out, as jieba cuts it."""
    import rjieba

    return tuple(rjieba.cut(text))


@lru_cache(maxsize=256)
def borders(text: str) -> frozenset[int]:
    """Where the words of a text begin and end; 谁 is always a word of its own (jieba knows 谁来管 as one)."""
    at, found = 0, {0}
    for word in segment(text):
        at += len(word)
        found.add(at)
    for place, char in enumerate(text):
        if char == "谁":
            found.update((place, place + 1))
    return frozenset(found)


def words(text: str) -> list[str]:
    """Words of two or more characters of a normalised text."""
    return [w for w in segment(text) if len(w) > 1 and not w.isspace()]


@lru_cache(maxsize=1)
def _pinyin_table() -> Any:
    # Single characters only: a phrase table would read the same characters differently in the index and
    # in a misspelled question, and costs a quarter of a second to load.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    return lazy_pinyin


# Sounds that many southern speakers and speech recognisers do not keep apart (z/zh, l/n, in/ing, f/h).
_FOLD = [
    (re.compile(p), r) for p, r in ((r"^([zcs])h", r"\1"), (r"^n", "l"), (r"(?<=[aei])ng$", "n"), (r"^h(?=u)", "f"))
]


@lru_cache(maxsize=20_000)
def fold_syllable(syllable: str) -> str:
    """A toneless syllable with the sounds folded that speech input confuses."""
    for pattern, replacement in _FOLD:
        syllable = pattern.sub(replacement, syllable)
    return syllable


@lru_cache(maxsize=20_000)
def _reading(char: str) -> str:
    return str(_pinyin_table()(char)[0])


@lru_cache(maxsize=20_000)
def _syllable(char: str) -> str:
    return fold_syllable(_reading(char))


def sound(word: str) -> str:
    """A Chinese word in toneless syllables as people type them (`zhi hui`)."""
    return " ".join(map(_reading, word))


def syllables(text: str) -> list[str]:
    """Folded toneless syllables of a normalised text; Latin runs are read as typed pinyin."""
    out: list[str] = []
    for run in runs(text):
        if is_han(run[0]):
            out.extend(_syllable(c) for c in run)
        elif run[0].isalpha():
            out.extend(fold_syllable(s) for s in split_pinyin(run))
    return out


def pinyin(text: str) -> list[str]:
    """Pairs of neighbouring syllables of a normalised text (`zi_hui`)."""
    s = syllables(text)
    return [f"{a}_{b}" for a, b in pairwise(s)]


_INITIALS = ["zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw", ""]
_FINALS = (
    "a o e i u v ai ei ui ao ou iu ie ve ue er an en in un vn ang eng ing ong ia iao ian iang iong ua uo uai uan uang"
).split()
_SYLLABLES = frozenset(i + f for i in _INITIALS for f in _FINALS)


def split_pinyin(run: str) -> list[str]:
    """Cuts a Latin run into pinyin syllables, fewest first; [] when it is not pinyin."""
    best: list[list[str] | None] = [[]] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 6), end):
            head = best[start]
            if head is None or run[start:end] not in _SYLLABLES:
                continue
            current = best[end]
            if current is None or len(head) + 1 < len(current):
                best[end] = [*head, run[start:end]]
    return best[-1] or []
