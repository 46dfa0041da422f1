"""The exported model gives the vectors of the original; other models and bad weights are handled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.embeddings import (
    DEFAULT_MODEL,
    OnnxEmbeddings,
    SentenceTransformerEmbeddings,
    open_embeddings,
)
from assistant.errors import ModelUnavailable
from assistant.onnx_export import checked_weights, exported_default, weights_folder

TEXTS = ["hip", "What is dystrophic mineralization of the hip?", "bone " * 400, "Größe: 5 µm"]


@pytest.fixture(scope="module")
def exported(models: Path) -> OnnxEmbeddings:
    return OnnxEmbeddings(exported_default(models))


def test_the_export_gives_the_vectors_of_sentence_transformers(exported: OnnxEmbeddings) -> None:
    original = SentenceTransformerEmbeddings(str(weights_folder()))
    ours, theirs = exported.embed(TEXTS), original.embed(TEXTS)
    assert ours.shape == (4, 384) == theirs.shape
    assert np.allclose((ours * theirs).sum(axis=1), 1, atol=1e-5)


def test_a_vector_does_not_depend_on_its_companions(exported: OnnxEmbeddings) -> None:
    together, alone = exported.embed(TEXTS)[1], exported.embed([TEXTS[1]])[0]
    assert np.abs(together - alone).max() < 1e-6
    assert exported.embed_query(TEXTS[1]) == pytest.approx(alone.tolist())
    assert exported.embed_documents([TEXTS[1]])[0] == pytest.approx(alone.tolist())


def test_no_texts_give_no_vectors(exported: OnnxEmbeddings) -> None:
    assert exported.embed([]).shape == (0, 384)


def test_everyday_words_are_common_and_drug_names_are_not(exported: OnnxEmbeddings) -> None:
    assert exported.is_common("husband") and exported.is_common("Bottle")
    assert not exported.is_common("teriparatide")


def test_weights_with_another_checksum_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ModelUnavailable, match="is not the published all-MiniLM-L6-v2"):
        checked_weights(tmp_path)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no file"):
        checked_weights(tmp_path)


def test_a_missing_export_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="hip-assistant index"):
        open_embeddings(DEFAULT_MODEL, "0123", tmp_path, threads=1)


def test_a_damaged_export_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        OnnxEmbeddings(tmp_path)


def test_an_unknown_model_says_what_is_accepted(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="Accepted are 'all-MiniLM-L6-v2', a folder"):
        SentenceTransformerEmbeddings(str(tmp_path / "nothing"))


@pytest.fixture(scope="module")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A sentence-transformers model of 16 dimensions with random weights, made here."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("small-model")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "bees", "gather", "nectar", "wasps"]
    (folder / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"))
    SentenceTransformer(modules=[transformer, Pooling(16)]).save(str(folder / "model"))
    return str(folder / "model")


def test_any_sentence_transformers_model_can_be_set(small_model: str, tiny: object) -> None:
    answering = tiny(  # type: ignore[operator]
        {"bees.md": "- Bees gather nectar from clover.\n"}, embedding_model=small_model
    )
    assert answering.index.manifest.model == small_model
    assert answering.index.vectors.shape == (1, 16)
    assert answering.retrieve("bees nectar")[0].passage.text == "Bees gather nectar from clover."


def test_changed_weights_of_a_set_model_are_noticed(small_model: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="are not those that the index was built with"):
        open_embeddings(small_model, "another", tmp_path, threads=1)
