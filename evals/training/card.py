"""The card of the weights: what they are, what they learned from, how they do where they know nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sklearn

from evals.thirdparty.table import Figure
from evals.training.examples import Example
from evals.training.fit import TREES, UNANSWERED
from evals.training.measures import Measured

# As the sets' own publishers say it.
SOURCES = {
    "scifact": (
        "SciFact in BEIR's form: claims and abstracts",
        "claims and evidence CC BY 4.0, abstracts ODC-By 1.0",
    ),
    "covidqa": ("COVID-QA, version of 23 April 2020", "Apache-2.0; articles under their own open licences"),
    "squad2": ("SQuAD 2.0, part of the dev set", "CC BY-SA 4.0"),
    "hip": (
        "evals/data/development.yaml and questions_written.jsonl of this project",
        "as the project",
    ),
}  # fmt: skip
TITLE = "# The scorer's weights\n"
NO_FIGURE = "–"


def card(
    read: Mapping[str, Sequence[Example]],
    out_of_fold: Sequence[Measured],
    left_out: Sequence[Measured],
) -> str:
    """Markdown; `read` are the examples of each part, by its name."""
    trees = ", ".join(f"{name} {value}" for name, value in TREES.items())
    return "\n".join(
        [
            TITLE,
            "Written by `python -m evals.training.train DIR`, which also makes the weights.\n",
            "Three models: how well a passage answers a question, how well a sentence does, and whether "
            "the corpus answers at all. Gradient-boosted trees of scikit-learn "
            f"{sklearn.__version__} ({trees}), the last one averaged in logits with a logistic "
            "regression; ONNX. What they see is named in assistant/scorer/features.py; the last one also "
            "sees what the cross-encoder (assistant/crossencoder/CARD.md) says of the best windows. "
            "projection.npz, by `python -m evals.training.projection DIR`, makes MiniLM's states of "
            "word pieces small; it knows texts and no questions.\n",
            "The probability is calibrated (Platt, on folds that were held back) for a corpus that "
            f"leaves {UNANSWERED:.1%} of the questions open. On another corpus or with other questions "
            "it can be too high or too low: measure it there (`hip-assistant eval --cases DIR`).\n",
            "## Learned from\n",
            "| part | what it is | licence | examples |",
            "|---|---|---|---|",
            *(
                f"| {name} | {SOURCES[name.partition(':')[0]][0]} | {SOURCES[name.partition(':')[0]][1]} | "
                f"{len(examples):,}{'' if name != 'scifact' else ', looked at only'} |"
                for name, examples in read.items()
            ),
            "",
            "An example is a question with its documents there, the same with its gold taken out, a "
            "question on other things, or one that was made to look answerable. The text of the sets is "
            "not in the weights and not in this project.\n",
            "## Figures, out of fold\n",
            "Each question by weights that have not seen its article; scifact's test queries by weights "
            "that have seen the other claims of its training part.\n",
            *_table(out_of_fold),
            "",
            "## Figures, each set left out\n",
            "By weights that were made without any question of the set, and without any foreign one; the "
            "cross-encoder has seen half of the set's articles, but not the question's own.\n",
            *_table(left_out),
            "",
        ]
    )


def _table(rows: Sequence[Measured]) -> list[str]:
    names = list(dict.fromkeys(name for row in rows for name in row.figures))
    return [
        f"| set | examples | {' | '.join(names)} |",
        "|---|---|" + "---|" * len(names),
        *(
            f"| {row.set} | {row.questions:,} | "
            + " | ".join(_number(row.figures.get(name)) for name in names)
            + " |"
            for row in rows
        ),
    ]


def _number(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return NO_FIGURE
    if figure.interval is None:
        return f"{figure.value:.3f}"
    low, high = figure.interval
    return f"{figure.value:.3f} ({low:.3f} to {high:.3f})"
