"""Regenerates the cross-encoder, its card and READ: `python -m evals.training.crossencoder DIR`.

DIR as for `evals.training.train`, which is run after it. Seeded, but processors round differently: on another
machine the weights differ in their last digits. It takes about an hour on two cores.

First MiniLM learns which sentences evidence carries; then, from there, two networks each learn answers from
half of the articles and judge the other half, for the trees to learn from; last one network learns all of it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from assistant.crossencoder import ANSWERS, CARRIES, MODEL, CrossEncoder
from assistant.grounding.check import FAR_ODDS, NEAR_ODDS
from assistant.opening import open_assistant
from assistant.progress import progress_bar
from assistant.scorer.features import Floats
from assistant.scorer.inputs import NOTHING_READ
from assistant.settings import Settings
from evals.grounding.written import TRUE, Written, written
from evals.thirdparty.workshop import Workshop
from evals.training.carrying import carried_pairs, evidence
from evals.training.examples import Example
from evals.training.fine_tuning import Network, judged, trained
from evals.training.fine_tuning import written as write
from evals.training.fit import fitted, fold
from evals.training.measures import UNANSWERABLE
from evals.training.pairs import Pair
from evals.training.reading import labelled, to_judge
from evals.training.train import READ, UNSEEN, learned_names, name_of, read_all, save_logits

CARRYING_EPOCHS, EPOCHS = 4, 2
# The folds of each half.
HALVES = ((0, 1), (2, 3, 4))


def main(arguments: Sequence[str] | None = None) -> None:
    """Write model.onnx, CARD.md and READ."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="folder of third-party sets")
    parser.add_argument(
        "--output", type=Path, default=MODEL.parent, help="default: the package's own"
    )
    given = parser.parse_args(arguments)
    given.output.mkdir(parents=True, exist_ok=True)
    settings = Settings.load()
    with progress_bar() as progress, open_assistant(settings) as assistant:
        workshop = Workshop.open(settings, progress)
        read = read_all(given.data, workshop, assistant)
        learned = [example for name in learned_names() for example in read[name]]
        models, scores = fitted(learned)
        unseen = read[name_of(*UNSEEN)]
        sentences = [score.sentences for score in scores]
        of_unseen = [models.scores(example).sentences for example in unseen]

        texts = {passage.id: passage.text for passage in assistant.index.passages}
        sentences_written = written(texts)
        carried = carried_pairs(assistant.index, sentences_written)
        begun = trained(carried, CARRYING_EPOCHS, partial(progress, "carrying"))
        halves = [
            trained(_without(half, learned, sentences), EPOCHS, partial(progress, "half"), begun)
            for half in HALVES
        ]
        logits = _read_of(learned, sentences, halves) | _read_of(unseen, of_unseen, halves)
        save_logits(logits, READ if given.output == MODEL.parent else given.output / READ.name)
        everything = [*labelled(learned, sentences), *carried]
        write(
            trained(everything, EPOCHS, partial(progress, "all"), begun),
            given.output / "model.onnx",
        )
    rows = list(answered_rows([*learned, *unseen], logits))
    text = card(
        everything, sentences_written, CrossEncoder(given.output / "model.onnx"), texts, rows
    )
    (given.output / "CARD.md").write_text(text, encoding="utf-8")
    print(text)


def _without(
    half: Sequence[int], examples: Sequence[Example], sentences: Sequence[Floats]
) -> list[Pair]:
    kept = [row for row, example in enumerate(examples) if fold(example) not in half]
    return labelled([examples[row] for row in kept], [sentences[row] for row in kept])


def _read_of(
    examples: Sequence[Example], sentences: Sequence[Floats], halves: Sequence[Network]
) -> dict[str, NDArray[np.float32]]:
    """The logits of each example's windows, by networks that have not seen its article: their mean."""
    pairs, owners = [], []
    for row, (example, scores) in enumerate(zip(examples, sentences, strict=True)):
        for text in to_judge(example, scores):
            pairs.append(Pair(example.question, text, ANSWERS, 0))
            owners.append(row)
    said = np.array([judged(network, pairs) for network in halves])
    tested = UNSEEN[0]  # the split that nothing learns from is called as the set is
    unseen = np.array(
        [
            [example.set == tested or fold(example) in half for half in HALVES]
            for example in examples
        ]
    ).T[:, owners]
    logits = (said * unseen).sum(axis=0) / unseen.sum(axis=0)
    of = np.array(owners)
    return {example.name: logits[of == row] for row, example in enumerate(examples)}


def card(
    pairs: Sequence[Pair],
    sentences_written: Sequence[Written],
    model: CrossEncoder,
    texts: Mapping[str, str],
    answered: Sequence[str],
) -> str:
    """Markdown; `answered` are the rows on answers."""
    held_back = [one for one in sentences_written if one.held_back]
    true = np.array([one.true for one in held_back])
    odds = np.array([model.carries(one.text, evidence(one.passages, texts)) for one in held_back])
    counts = Counter((pair.task, pair.label) for pair in pairs)
    lines = [
        "# The cross-encoder\n",
        "Weights and card are made by the steps of `python -m evals.training.crossencoder DIR`.\n",
        "all-MiniLM-L6-v2 (Apache-2.0), fine-tuned to read two texts together; ONNX, weights in int8. It "
        "says whether a text answers a question, which is one of the things that the scorer goes by, and "
        "whether evidence says what a sentence says. The grounding check asks the latter last, of sentences "
        "whose numbers, units, denials, directions and names are carried; from log odds of "
        f"{NEAR_ODDS:g} on the wording is carried, too, and from {FAR_ODDS:g} on where many words "
        "are new.\n",
        f"Learned from {counts[ANSWERS, 1]:,} texts that answer and {counts[ANSWERS, 0]:,} that do not, of "
        "the sets that assistant/scorer/CARD.md names, and from "
        f"{counts[CARRIES, 1]:,} sentences that are carried and {counts[CARRIES, 0]:,} that are not, on "
        "notes of this project's corpus: evals/data/grounding*.yaml and grounding_written.jsonl, written one "
        "by one, and what the seeded program in evals/grounding/corruptions.py makes false of them. "
        "Documents whose sentences are held back, and those of grounding_fifth.yaml, are in none of them.\n",
        "## Does it answer?\n",
        "The best window's log odds alone, from networks that have not seen the question's article.\n",
        "| set | unanswerable | AUROC |",
        "|---|---|---|",
        *answered,
        "",
        "## Does it carry?\n",
        f"The model alone, on the {true.sum():,} true and {(~true).sum():,} false sentences that are held "
        f"back; {(odds[true] < NEAR_ODDS).mean():.1%} of the true ones are refused.\n",
        "| false by | sentences | AUROC beside the true ones | caught |",
        "|---|---|---|---|",
    ]
    for kind in (*sorted({one.kind for one in held_back} - {TRUE}), "any"):
        of = np.array([kind in (one.kind, "any") for one in held_back]) & ~true
        value = roc_auc_score(true[true | of], odds[true | of])
        lines.append(f"| {kind} | {of.sum()} | {value:.3f} | {(odds[of] < NEAR_ODDS).mean():.1%} |")
    return "\n".join(lines) + "\n"


def answered_rows(
    examples: Sequence[Example], logits: Mapping[str, NDArray[np.float32]]
) -> Iterator[str]:
    """A row for each set and kind of unanswerable questions."""
    best = [float(logits[one.name].max(initial=NOTHING_READ)) for one in examples]
    for name in dict.fromkeys(one.set for one in examples):
        for kind, other in UNANSWERABLE.items():
            of = [
                (value, one.kind)
                for value, one in zip(best, examples, strict=True)
                if one.set == name
            ]
            labels = [int(found == other) for _, found in of if found in (kind, other)]
            values = [value for value, found in of if found in (kind, other)]
            if 0 < sum(labels) < len(labels):
                yield f"| {name} | {kind} | {roc_auc_score(labels, values):.3f} |"


if __name__ == "__main__":
    main()
