"""The content pieces of all passages in one array each, kept by content hash like other vectors."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.scorer.tokens import COMPONENTS, TokenEncoder, Tokens

CHUNK = 900  # SQLite accepts 999 parameters everywhere
KEPT_AT = 64  # texts between two commits


@dataclass(frozen=True, slots=True)
class TokenStore:
    """`vectors[first[row]:first[row + 1]]` are the pieces of passage `row`, shape (pieces, COMPONENTS).

    `sentences` holds the number of the sentence that each piece stands in, -1 for the headings before
    the text; `frequency` how many passages hold each piece of the vocabulary.
    """

    vectors: NDArray[np.int8]
    first: NDArray[np.int64]
    sentences: NDArray[np.int32]
    frequency: NDArray[np.int32]

    @classmethod
    def build(
        cls,
        texts: Sequence[str],
        bodies: Sequence[int],
        spans: NDArray[np.int32],
        encoder: TokenEncoder,
        indexes: Path,
        *,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> TokenStore:
        """Over indexed texts; `bodies` says where each passage begins in its text, and `spans`, shape
        (sentences, 3), which sentences lie where in it: row, start, end."""
        rows = tokens_cached(texts, encoder, indexes, progress=progress)
        frequency = np.zeros(max(encoder.model.vocabulary().values()) + 1, dtype=np.int32)
        begins = np.searchsorted(spans[:, 0], np.arange(len(texts) + 1))
        sentences = []
        for row, tokens in enumerate(rows):
            frequency[np.unique(tokens.ids)] += 1
            starts = spans[begins[row] : begins[row + 1], 1]
            place = np.searchsorted(starts, tokens.starts - bodies[row], side="right") - 1
            number = np.where(place >= 0, begins[row] + place, -1)
            # What a passage begins with may be no sentence: it goes with the first one.
            number[(number < 0) & (tokens.starts >= bodies[row]) & (len(starts) > 0)] = begins[row]
            sentences.append(number.astype(np.int32))
        counts = [len(tokens.ids) for tokens in rows]
        return cls(
            np.concatenate([t.vectors for t in rows]),
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            np.concatenate(sentences),
            frequency,
        )

    def save(self, folder: Path) -> None:
        folder.mkdir()
        for name in self.__dataclass_fields__:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> TokenStore:
        return cls(
            *(np.load(folder / f"{name}.npy", mmap_mode="r") for name in cls.__dataclass_fields__)
        )


def tokens_cached(
    texts: Sequence[str],
    encoder: TokenEncoder,
    indexes: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Tokens]:
    """The pieces of each text; those that are new are kept as soon as they are there."""
    keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    found: dict[bytes, Tokens] = {}
    unseen = list(dict.fromkeys(keys))
    text_of = dict(zip(keys, texts, strict=True))
    with closing(
        sqlite3.connect(indexes / f"tokens-{encoder.fingerprint}.sqlite", timeout=60)
    ) as db:
        db.execute("CREATE TABLE IF NOT EXISTS tokens (key BLOB PRIMARY KEY, tokens BLOB)")
        for start in range(0, len(unseen), CHUNK):
            part = unseen[start : start + CHUNK]
            marks = ",".join("?" * len(part))
            for key, blob in db.execute(
                f"SELECT key, tokens FROM tokens WHERE key IN ({marks})", part
            ):
                found[key] = _unpacked(blob)
        todo = [key for key in unseen if key not in found]
        progress(len(found), len(unseen))
        new: list[tuple[bytes, bytes]] = []
        for row, tokens in encoder.passages([text_of[key] for key in todo]):
            found[todo[row]] = tokens
            new.append((todo[row], _packed(tokens)))
            if len(new) == KEPT_AT or len(found) == len(unseen):
                db.executemany("INSERT OR REPLACE INTO tokens VALUES (?, ?)", new)
                db.commit()
                new.clear()
                progress(len(found), len(unseen))
    return [found[key] for key in keys]


def _packed(tokens: Tokens) -> bytes:
    return (
        tokens.ids.astype("<i4").tobytes()
        + tokens.starts.astype("<i4").tobytes()
        + tokens.vectors.tobytes()
    )


def _unpacked(blob: bytes) -> Tokens:
    count = len(blob) // (8 + COMPONENTS)
    return Tokens(
        np.frombuffer(blob, "<i4", count),
        np.frombuffer(blob, "<i4", count, 4 * count),
        np.frombuffer(blob, np.int8, offset=8 * count).reshape(count, COMPONENTS),
    )
