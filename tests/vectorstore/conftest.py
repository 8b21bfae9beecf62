"""A tiny real transformer model, made on the spot and read offline."""

import pytest


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    from sentence_transformers import SentenceTransformer, models
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    letters = sorted(set("智慧助老服务由哪些部门负责年人科普银龄行动省协一二三四五"))
    vocab = folder / "vocab.txt"
    vocab.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]), encoding="utf-8")
    bert = folder / "bert"
    config = BertConfig(
        vocab_size=len(letters) + 5, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(bert)
    BertTokenizerFast(vocab_file=str(vocab)).save_pretrained(bert)
    word = models.Transformer(str(bert))
    SentenceTransformer(modules=[word, models.Pooling(32)], device="cpu").save(str(folder / "model"))
    return folder / "model"
