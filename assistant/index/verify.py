"""Checks a generation as a fresh process sees it: `python -m assistant.index.verify FOLDER MODELS`.

Checksums, counts, dimensions, verbatim slices, and sample passages that must find themselves.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from assistant.embeddings import open_embeddings
from assistant.index import layout
from assistant.index.lexical import words
from assistant.index.reader import Index
from assistant.index.texts import indexed_text

SAMPLES = 5


def problems(folder: Path, models: Path) -> list[str]:
    """What is wrong with the generation in `folder`; empty when it may be published."""
    index = Index("draft", folder)
    found = [f"{name}: checksum" for name in layout.damaged_files(folder, index.manifest)]
    with (folder / layout.TEXTS).open(encoding="utf-8") as lines:
        texts = {fields["id"]: fields["text"] for fields in map(json.loads, lines)}
    for passage in index.passages:
        if texts.get(passage.document_id, "")[passage.start : passage.end] != passage.text:
            found.append(f"{passage.id}: not verbatim")
    if index.vectors.shape[1] != index.manifest.dimension:
        found.append(f"vectors have dimension {index.vectors.shape[1]}")
    model = open_embeddings(
        index.manifest.model, index.manifest.model_fingerprint, models, threads=1
    )
    step = max(1, len(index.passages) // SAMPLES)
    for row in range(0, len(index.passages), step):
        passage = index.passages[row]
        text = indexed_text(passage, index.documents[passage.document_id])
        vector = np.array(model.embed_query(text), dtype=np.float32)
        if float(vector @ index.vectors[row]) < 0.999:
            found.append(f"{passage.id}: its vector is another's")
        scores = index.lexical.scores(words(text))
        if scores.max() > 0 and scores[row] <= 0:
            found.append(f"{passage.id}: its words do not find it")
    return found


if __name__ == "__main__":
    broken = problems(Path(sys.argv[1]), Path(sys.argv[2]))
    print("\n".join(broken))
    sys.exit(1 if broken else 0)
