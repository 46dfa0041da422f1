"""Regenerates the scorer's weights and their card: `python -m evals.training.train DIR [--output FOLDER]`.

DIR holds scifact, covidqa and squad2 in the forms of `evals.thirdparty.sets`, and mtrag for its openings.
Seeded: the same data and packages give the same bytes. It takes about twenty minutes once the texts are
embedded.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from assistant.opening import open_assistant
from assistant.progress import progress_bar
from assistant.scorer.tokens import WEIGHTS
from assistant.settings import Settings
from evals.thirdparty.workshop import Workshop
from evals.training.card import card
from evals.training.examples import Example, development, examples
from evals.training.fit import Models, Scores, fitted
from evals.training.measures import Measured, measured
from evals.training.weights import save

# What is learned from, by set and split; SciFact's test queries are only looked at.
LEARNED = (("scifact", "train"), ("covidqa", "test"), ("squad2", "test"))
UNSEEN = ("scifact", "test")
OWN = "hip"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write three ONNX files, calibration.json and CARD.md."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="folder of third-party sets")
    parser.add_argument("--output", type=Path, default=WEIGHTS, help="default: the package's own")
    given = parser.parse_args(arguments)
    given.output.mkdir(parents=True, exist_ok=True)
    with progress_bar() as progress:
        settings = Settings.load()
        workshop = Workshop.open(settings, progress)
        read = {
            name_of(*part): list(examples(part[0], given.data, workshop, part[1]))
            for part in (*LEARNED, UNSEEN)
        }
        with open_assistant(settings) as assistant:
            read[OWN] = list(development(assistant))
        learned = [example for name in _learned() for example in read[name]]
        progress("fitting", 0, 1 + len(LEARNED))
        models, scores = fitted(learned)
        save(models, learned, scores, given.output)
        out_of_fold = list(_by_set(learned, scores))
        out_of_fold.append(_seen_by(models, read[name_of(*UNSEEN)]))
        left_out = []
        for done, part in enumerate(LEARNED, start=1):
            progress("fitting", done, 1 + len(LEARNED))
            left_out.append(_without(part, read))
        progress("fitting", 1 + len(LEARNED), 1 + len(LEARNED))
    text = card(read, out_of_fold, left_out)
    (
        given.output.parent / "CARD.md" if given.output == WEIGHTS else given.output / "CARD.md"
    ).write_text(text, encoding="utf-8")
    print(text)


def name_of(name: str, split: str) -> str:
    """A part of a set, as it is called on the card."""
    return name if split == "test" else f"{name}:{split}"


def _learned() -> list[str]:
    return [*(name_of(*part) for part in LEARNED), OWN]


def _by_set(read: Sequence[Example], scores: Sequence[Scores]) -> Iterator[Measured]:
    """Of each set, by weights that have not seen the question's article."""
    names = dict.fromkeys(example.set for example in read)
    for name in names:
        own = [(e, s) for e, s in zip(read, scores, strict=True) if e.set == name]
        yield measured([e for e, _ in own], [s for _, s in own])


def _seen_by(models: Models, read: Sequence[Example]) -> Measured:
    return measured(read, [models.scores(example) for example in read])


def _without(part: tuple[str, str], read: Mapping[str, Sequence[Example]]) -> Measured:
    """A set by weights that were made without any question of it, foreign ones included."""
    kept = [
        example
        for name in _learned()
        if name != name_of(*part)
        for example in read[name]
        if example.kind != "foreign"
    ]
    asked = read[name_of(*UNSEEN)] if part[0] == UNSEEN[0] else read[name_of(*part)]
    return _seen_by(fitted(kept)[0], asked)


if __name__ == "__main__":
    main()
