"""The main components of MiniLM's states over texts of open sets: `python -m evals.training.projection DIR`.

Uses documents only, no questions and no judgements.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from assistant.embeddings import OnnxEmbeddings
from assistant.onnx_export import exported_default
from assistant.scorer.tokens import COMPONENTS, WEIGHTS, empty_pieces
from assistant.settings import Settings
from evals.statistics import SEED
from evals.thirdparty.sets import retrieval_set

SETS, TEXTS = ("scifact", "medquad", "covidqa"), 800


def main(data: Path) -> None:
    """Write weights/projection.npz."""
    settings = Settings.load()
    model = OnnxEmbeddings(exported_default(settings.indexes / "models"), threads=2)
    drawn = np.random.default_rng(SEED)
    texts = []
    for name in SETS:
        documents = list(retrieval_set(data / name).documents.values())
        for row in drawn.choice(len(documents), min(TEXTS, len(documents)), replace=False):
            texts.append(documents[row].whole[:1000])
    empty = empty_pieces(model)
    kept = [states.vectors[~empty[states.ids]] for _, states in model.token_states(texts)]
    vectors = np.concatenate(kept).astype(np.float64)
    # Not centred: the products of projected vectors shall stay those of the vectors.
    _, components = np.linalg.eigh(vectors.T @ vectors / len(vectors))
    components = components[:, ::-1][:, :COMPONENTS]
    components *= np.sign(components.sum(axis=0))
    projected = vectors @ components
    projected /= np.linalg.norm(projected, axis=1, keepdims=True)
    steps = np.quantile(np.abs(projected), 0.9999, axis=0) / 127
    np.savez(
        WEIGHTS / "projection.npz",
        components=components.astype(np.float32),
        steps=steps.astype(np.float32),
    )
    print(f"{len(vectors):,} pieces of {len(texts):,} texts")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
