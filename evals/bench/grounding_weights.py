"""Fits the grounding score: `python -m evals.bench.grounding_weights --data DIR`.

DIR holds folders with faithfulness sets; those of TRAINED_ON are read. Without --write it prints what each
fold's weights are worth on the fold that they did not see; with it, assistant/grounding/weights.json is
written anew.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assistant import grounding
from assistant.grounding.scoring import Weights
from assistant.progress import progress_bar
from assistant.settings import Settings
from evals.grounding.fitting import Fitted, fitted_weights, folds_of
from evals.metrics.abstention import auroc
from evals.statistics import Score
from evals.thirdparty.faithfulness import row_features
from evals.thirdparty.sets import faithfulness_set
from evals.thirdparty.workshop import Workshop

# halueval-qa is left out: its right answers are short, and a score fitted on it learns just that.
TRAINED_ON = ("scifact-verify", "begin", "mtrag")
WRITTEN = Path(grounding.__file__).with_name("weights.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder of faithfulness sets")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    with progress_bar() as progress:
        workshop = Workshop.open(Settings.load(), progress)
        sets = [_third_party(arguments.data / name, workshop) for name in TRAINED_ON]
    found = fitted_weights(sets)
    for one in sets:
        unseen = _unseen(one, found)
        print(f"{one.name}: AUROC {unseen:.3f} over all rows, each by weights that did not see it")
    if arguments.write:
        WRITTEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print(f"written: {WRITTEN}")


def _third_party(folder: Path, workshop: Workshop) -> Fitted:
    data = faithfulness_set(folder)
    return Fitted(
        data.name,
        tuple(row_features(data, workshop)),
        tuple(row.supported for row in data.rows),
        folds_of([(row.context, row.text) for row in data.rows]),
    )


def _unseen(one: Fitted, found: dict[str, list[dict[str, object]]]) -> float:
    folds = [Weights(**fold) for fold in found["folds"]]  # type: ignore[arg-type]
    scores: list[Score] = [
        (folds[fold].score(features), float(label))
        for features, label, fold in zip(one.features, one.supported, one.folds, strict=True)
    ]
    return auroc(scores) or 0.0


if __name__ == "__main__":
    main()
