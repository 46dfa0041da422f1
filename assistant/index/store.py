"""The Chroma store of a generation: derived from its vectors, and rebuilt from them when lost.

Chroma gives candidates; scores are computed from the generation's own vectors, so that they do
not depend on the order in which the graph was built.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

COLLECTION = "passages"
COMPLETE = "complete"
# With these the graph gave the same candidates in every rebuild; the defaults (100, 16) did not.
EF_SEARCH, NEIGHBOURS = 400, 32
BATCH = 5000  # Chroma takes at most 5,461 records at a time


class ChromaStore:
    """Nearest passages by cosine, by row number of the generation."""

    def __init__(self, client: Any, collection: Any, count: int) -> None:
        self._client = client
        self._collection = collection
        self._count = count

    def close(self) -> None:
        """Give the files back; the store answers no more."""
        self._client.close()

    @classmethod
    def build(cls, folder: Path, vectors: NDArray[np.float32]) -> None:
        """Write the store for `vectors`, shape (passages, dimension), anew."""
        # Chroma keeps one handle for each path in a process, also of a folder that is gone: write
        # under a name that no reader has opened.
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".building-"))
        draft.chmod(0o755)
        client = _client(draft)
        collection = client.create_collection(
            COLLECTION,
            embedding_function=None,
            configuration={
                "hnsw": {
                    "space": "cosine",
                    "ef_construction": EF_SEARCH,
                    "ef_search": EF_SEARCH,
                    "max_neighbors": NEIGHBOURS,
                }
            },
        )
        for first in range(0, len(vectors), BATCH):
            rows = range(first, min(first + BATCH, len(vectors)))
            collection.add(ids=[str(row) for row in rows], embeddings=vectors[first : rows.stop])
        client.close()
        (draft / COMPLETE).touch()
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)

    @classmethod
    def open(cls, folder: Path, count: int) -> ChromaStore | None:
        """The store in `folder`, or None when it is missing, damaged or cannot be written."""
        if not (folder / COMPLETE).is_file():
            return None
        try:
            client = _client(folder)
            collection = client.get_collection(COLLECTION, embedding_function=None)
            if collection.count() == count:
                return cls(client, collection, count)
        except BaseException as error:  # Rust panics arrive as BaseException
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            log.info("Chroma store %s cannot be opened: %s", folder, error)
        return None

    def nearest(self, vector: Sequence[float], k: int) -> NDArray[np.int64]:
        """Row numbers of about `k` nearest passages, unordered."""
        found = self._collection.query(
            query_embeddings=[vector], n_results=min(k, self._count), include=[]
        )
        return np.array([int(row) for row in found["ids"][0]], dtype=np.int64)


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )
