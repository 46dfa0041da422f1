"""A seeded blind sample of the corpus's notes, to be read against their publications.

    python -m evals.sample --notes 60 --seed 1

prints key, id and text of each; who reads them needs no other order than this.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from assistant.settings import Settings
from assistant.sources import load_corpus
from assistant.splitting import split
from assistant.types import Passage


def drawn(corpus: Path, count: int, seed: int) -> list[Passage]:
    """`count` notes of the references, each as likely as any other, in the order of their ids."""
    notes = [
        passage for document in load_corpus(corpus / "references") for passage in split(document)
    ]
    return sorted(random.Random(seed).sample(notes, count), key=lambda passage: passage.id)


def main() -> None:
    """Print the sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for note in drawn(Settings.load().corpus, arguments.notes, arguments.seed):
        print(f"{note.id}\t{note.text}")


if __name__ == "__main__":
    main()
