"""Texts in, unit vectors out: LangChain `Embeddings` that need no torch when a question is asked.

The default model runs on ONNX Runtime from a file that `onnx_export` makes once, at index time;
any other sentence-transformers model is loaded through sentence-transformers.
This module does not know what the texts are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.errors import ModelUnavailable

DEFAULT_MODEL = "all-MiniLM-L6-v2"
MODEL_FILE = "encoder.onnx"
OUTPUTS = ("sentence_embedding", "token_embeddings")
BATCH = 32
# Single texts whose outputs are kept.
ALONE = 16

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TokenStates:
    """The word pieces of one text: `ids` in the vocabulary, where each starts in the text, and their unit
    vectors in context, shape (pieces, dimension). The pieces that mark begin and end are left out."""

    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    vectors: Vectors


class OnnxEmbeddings(Embeddings):
    """Mean-pooled, length-1 sentence vectors from `folder` (encoder.onnx, tokenizer.json).

    Vectors are float32 of shape (384,) for the default model. Raises ModelUnavailable when the
    folder is incomplete.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # One thread is fastest for one query, and two on a busy machine were seen 50 times slower.
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                folder / MODEL_FILE, options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # both libraries raise bare Exception subclasses
            raise ModelUnavailable(
                f"The exported model in {folder} cannot be read ({type(error).__name__}). "
                "Make it again with: hip-assistant index --force"
            ) from error
        # Of a question both outputs are wanted, one after the other.
        self._alone = lru_cache(maxsize=ALONE)(self._both)
        self.fingerprint = folder.name
        self.dimension = int(self._session.get_outputs()[0].shape[-1])

    def is_common(self, word: str) -> bool:
        """True for an everyday word: frequent enough to be one piece of the model's vocabulary."""
        return self._tokenizer.token_to_id(word.lower()) is not None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), in the order given."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for rows, part in self.batches(texts):
            vectors[rows] = part
        return vectors

    def batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Rows and their vectors, batch by batch; one batch holds texts of one token length.

        Without padding a text's vector does not depend on what it is embedded together with.
        """
        for rows, _, vectors in self._run(texts, "sentence_embedding"):
            yield rows, vectors

    def token_states(self, texts: Sequence[str]) -> Iterator[tuple[int, TokenStates]]:
        """Row and pieces of each text, as far as the model reads it; not in the order given."""
        for rows, encoded, vectors in self._run(texts, "token_embeddings"):
            for row, encoding, states in zip(rows, encoded, vectors, strict=True):
                starts = [start for start, _ in encoding.offsets[1:-1]]
                yield (
                    row,
                    TokenStates(
                        np.array(encoding.ids[1:-1], dtype=np.int32),
                        np.array(starts, dtype=np.int32),
                        states[1:-1],
                    ),
                )

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's word pieces, as far as the model reads it."""
        return [encoding.ids[1:-1] for encoding in self._tokenizer.encode_batch(list(texts))]

    def vocabulary(self) -> dict[str, int]:
        """The id of each word piece."""
        found: dict[str, int] = self._tokenizer.get_vocab()
        return found

    def _run(self, texts: Sequence[str], output: str) -> Iterator[tuple[list[int], list[Any], Any]]:
        if len(texts) == 1:
            encoding, outputs = self._alone(texts[0])
            yield [0], [encoding], outputs[output]
            return
        encoded = self._tokenizer.encode_batch(list(texts))
        lengths: dict[int, list[int]] = {}
        for row, encoding in enumerate(encoded):
            lengths.setdefault(len(encoding.ids), []).append(row)
        for _, rows in sorted(lengths.items()):
            for first in range(0, len(rows), BATCH):
                some = rows[first : first + BATCH]
                ids = np.array([encoded[row].ids for row in some], dtype=np.int64)
                inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
                yield some, [encoded[row] for row in some], self._session.run([output], inputs)[0]

    def _both(self, text: str) -> tuple[Any, dict[str, Any]]:
        """The encoding of one text, and both outputs for it, each with one row."""
        encoding = self._tokenizer.encode(text)
        ids = np.array([encoding.ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        return encoding, dict(zip(OUTPUTS, self._session.run(OUTPUTS, inputs), strict=True))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [vector.tolist() for vector in self.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self.embed([text])[0].tolist()
        return vector


class SentenceTransformerEmbeddings(Embeddings):
    """Any model that sentence-transformers can load, by name or folder; never remote code."""

    def __init__(self, model: str, *, threads: int = 1) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads)
        try:
            self._model: Any = SentenceTransformer(model, device="cpu", trust_remote_code=False)
        except Exception as error:  # a dozen kinds, from the hub to the file format
            raise ModelUnavailable(
                f"The embedding model {model!r} cannot be loaded ({type(error).__name__}: "
                f"{str(error).splitlines()[0] if str(error) else 'no reason given'}). Accepted are "
                f"{DEFAULT_MODEL!r}, a folder with a sentence-transformers model, or a model name "
                "that is in the local cache. Set it with ASSISTANT_EMBEDDING_MODEL."
            ) from error
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = _weights_fingerprint(self._model)

    def is_common(self, word: str) -> bool:
        return len(self._model.tokenizer.tokenize(word.lower())) == 1

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False, batch_size=BATCH
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)

    def batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        for first in range(0, len(texts), BATCH):
            rows = list(range(first, min(first + BATCH, len(texts))))
            yield rows, self.embed([texts[row] for row in rows])

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [vector.tolist() for vector in self.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self.embed([text])[0].tolist()
        return vector


EmbeddingModel = OnnxEmbeddings | SentenceTransformerEmbeddings


def open_embeddings(model: str, fingerprint: str, models: Path, *, threads: int) -> EmbeddingModel:
    """The model that an index names, ready for questions; nothing is downloaded or exported.

    Raises ModelUnavailable when its export is missing or the weights have changed.
    """
    if model == DEFAULT_MODEL:
        folder = models / fingerprint
        if not (folder / MODEL_FILE).is_file():
            raise ModelUnavailable(
                f"The exported model {folder} is missing. Make it again with: hip-assistant index"
            )
        return OnnxEmbeddings(folder, threads=threads)
    loaded = SentenceTransformerEmbeddings(model, threads=threads)
    if loaded.fingerprint != fingerprint:
        raise ModelUnavailable(
            f"The weights of {model!r} are not those that the index was built with. "
            "Build it again with: hip-assistant index"
        )
    return loaded


def prepare_embeddings(model: str, models: Path, *, threads: int) -> EmbeddingModel:
    """The model for building an index; the default one is exported first when it is not there."""
    if model == DEFAULT_MODEL:
        from assistant.onnx_export import exported_default

        return OnnxEmbeddings(exported_default(models), threads=threads)
    return SentenceTransformerEmbeddings(model, threads=threads)


def _weights_fingerprint(model: Any) -> str:
    """A hash over every weight and the length limit: the same weights under two names agree."""
    digest = hashlib.sha256(str(model.max_seq_length).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.detach().cpu().float().numpy()).data)
    return digest.hexdigest()[:16]
