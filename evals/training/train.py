"""Regenerates the scorer's weights and their card: `python -m evals.training.train DIR [--output FOLDER]`.

DIR holds scifact, covidqa and squad2 in the forms of `evals.thirdparty.sets`, and mtrag for its openings.
Seeded: the same data and packages give the same bytes. It takes about twenty minutes once the texts are
embedded. What the cross-encoder says of questions that it has not seen is taken from READ, which
`python -m evals.training.crossencoder` writes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.opening import open_assistant
from assistant.progress import progress_bar
from assistant.scorer.features import Floats
from assistant.scorer.tokens import WEIGHTS
from assistant.scorer.windows import WINDOWS
from assistant.settings import Settings
from evals.thirdparty.workshop import Workshop
from evals.training.card import card
from evals.training.examples import Example, examples, none_read, own_questions
from evals.training.fit import Models, Scores, fitted
from evals.training.measures import Measured, measured
from evals.training.weights import save

# What is learned from, by set and split; SciFact's test queries are only looked at.
LEARNED = (("scifact", "train"), ("covidqa", "test"), ("squad2", "test"))
UNSEEN = ("scifact", "test")
OWN = "hip"
READ = Path(__file__).with_name("read.npz")


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
        with open_assistant(settings) as assistant:
            read = with_logits(read_all(given.data, workshop, assistant))
        learned = [example for name in learned_names() for example in read[name]]
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


def read_all(data: Path, workshop: Workshop, assistant: Assistant) -> dict[str, list[Example]]:
    """The examples of each part, by its name."""
    read = {
        name_of(*part): list(examples(part[0], data, workshop, part[1]))
        for part in (*LEARNED, UNSEEN)
    }
    return read | {OWN: list(own_questions(assistant))}


def with_logits(read: Mapping[str, Sequence[Example]]) -> dict[str, list[Example]]:
    """With what READ holds of each; an example that it does not name counts as not read."""
    with np.load(READ, allow_pickle=False) as saved:
        rows = zip(saved["names"].tolist(), saved["logits"], strict=True)
        known = {name: logits[~np.isnan(logits)] for name, logits in rows}
    return {
        name: [replace(one, read=known.get(one.name, none_read())) for one in examples]
        for name, examples in read.items()
    }


def save_logits(logits: Mapping[str, Floats], file: Path) -> None:
    """As `with_logits` reads them; NaN where there is no window."""
    table = np.full((len(logits), WINDOWS), np.nan, dtype=np.float32)
    for row, own in enumerate(logits.values()):
        table[row, : len(own)] = own
    np.savez_compressed(file, names=np.array(list(logits)), logits=table)


def name_of(name: str, split: str) -> str:
    """A part of a set, as it is called on the card."""
    return name if split == "test" else f"{name}:{split}"


def learned_names() -> list[str]:
    """Of the parts that are learned from."""
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
        for name in learned_names()
        if name != name_of(*part)
        for example in read[name]
        if example.kind != "foreign"
    ]
    asked = read[name_of(*UNSEEN)] if part[0] == UNSEEN[0] else read[name_of(*part)]
    return _seen_by(fitted(kept)[0], asked)


if __name__ == "__main__":
    main()
