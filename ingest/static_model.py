"""Makes the default embedding: static vectors learnt from the built-in corpus and thesaurus.

`python -m ingest.static_model` writes the folder `vectorstore/static-zh` in the standard
sentence-transformers form, so that model2vec (numpy only) and sentence-transformers both read it.
Latent semantic analysis over clauses, cards and thesaurus entries puts everyday words beside the terms they
stand for; a random part of each vector, the same on every run, keeps unrelated words apart.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from ingest.notice import parse_notice
from ingest.pipeline import corpus
from ingest.readers import read_text
from ingest.thesaurus import read_thesaurus
from vectorstore import text
from vectorstore.embeddings import default_folder

_SEMANTIC, _IDENTITY = 64, 32
_SEED = 29
_UNKNOWN, _PAD = "[UNK]", "[PAD]"


def documents() -> list[str]:
    """The normalised texts to learn from: each clause, each card, each thesaurus entry."""
    root = corpus()
    found = [c.text for f in sorted((root / "notices").iterdir()) for c in parse_notice(read_text(f)).notice.clauses]
    found += [read_text(f) for f in sorted((root / "cards").rglob("*.md"))]
    for concept in read_thesaurus(root / "thesaurus.yaml"):
        found.append("。".join((*concept.terms, *concept.words)))
    return [text.normalise(d) for d in found]


def vocabulary(docs: Iterable[str]) -> list[str]:
    """Every common character, then the words that occur at least twice."""
    hanzi = [bytes((a, b)).decode("gb2312", "ignore") for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF)]
    counts = Counter(w for d in docs for w in text.words(d) if len(w) <= 6)
    words = sorted(w for w, n in counts.items() if n >= 2)
    return list(dict.fromkeys([_PAD, _UNKNOWN, *(c for c in hanzi if c), *words]))


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


def vectors(docs: list[str], vocab: list[str], tokens: Any) -> Any:
    """One row a token: a semantic part, a random part, weighted by rarity."""
    from scipy.sparse import csr_matrix
    from sklearn.decomposition import TruncatedSVD

    rows, columns, values = [], [], []
    for n, document in enumerate(docs):
        for token, count in Counter(tokens.encode(document).ids).items():
            rows.append(token)
            columns.append(n)
            values.append(1 + np.log(count))
    matrix = csr_matrix((values, (rows, columns)), shape=(len(vocab), len(docs)))
    frequency = np.diff(matrix.indptr)
    rarity = np.log((1 + len(docs)) / (1 + frequency)) / np.log(1 + len(docs))
    semantic = TruncatedSVD(_SEMANTIC, random_state=_SEED).fit_transform(matrix.multiply(rarity[:, None]).tocsr())
    identity = np.stack([_identity(w) for w in vocab])
    joined = np.hstack([_unit(semantic), 0.8 * identity]) * (0.2 + rarity[:, None])
    joined[: vocab.index(_UNKNOWN) + 1] = 0
    return joined.astype(np.float16)


def _identity(word: str) -> Any:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return _unit(np.random.default_rng(seed).standard_normal((1, _IDENTITY)))[0]


def _unit(matrix: Any) -> Any:
    return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)


def main() -> None:
    """Writes the model folder."""
    from model2vec import StaticModel

    docs = documents()
    vocab = vocabulary(docs)
    tokens = tokenizer(vocab)
    model = StaticModel(vectors(docs, vocab, tokens), tokens, config={"normalize": True}, normalize=True)
    model.save_pretrained(default_folder())


if __name__ == "__main__":
    main()
