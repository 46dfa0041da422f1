"""Embedding vectors by content hash, so that a changed file costs one file's embedding."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from assistant.embeddings import EmbeddingModel, Vectors

CHUNK = 900  # SQLite accepts 999 parameters everywhere


def embed_cached(
    texts: Sequence[str],
    model: EmbeddingModel,
    indexes: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Vectors, int]:
    """Vectors of shape (len(texts), dimension), and how many texts had to be embedded.

    Every batch is kept as soon as it is there: a build that was cut off goes on where it was.
    """
    keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    rows_of: dict[bytes, list[int]] = {}
    for row, key in enumerate(keys):
        rows_of.setdefault(key, []).append(row)
    vectors = np.zeros((len(texts), model.dimension), dtype=np.float32)
    path = indexes / f"vectors-{model.fingerprint}.sqlite"
    with closing(sqlite3.connect(path, timeout=60)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
        unseen = list(rows_of)
        missing = set(unseen)
        for first in range(0, len(unseen), CHUNK):
            part = unseen[first : first + CHUNK]
            marks = ",".join("?" * len(part))
            for key, blob in connection.execute(
                f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part
            ):
                if len(blob) == model.dimension * 4:
                    vectors[rows_of[key]] = np.frombuffer(blob, dtype="<f4")
                    missing.discard(key)
        todo = [key for key in unseen if key in missing]
        done = len(unseen) - len(todo)
        progress(done, len(unseen))
        for places, batch in model.batches([texts[rows_of[key][0]] for key in todo]):
            for place, vector in zip(places, batch, strict=True):
                vectors[rows_of[todo[place]]] = vector
            connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                [(todo[p], v.astype("<f4").tobytes()) for p, v in zip(places, batch, strict=True)],
            )
            connection.commit()
            done += len(places)
            progress(done, len(unseen))
    return vectors, len(todo)
