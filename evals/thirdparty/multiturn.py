"""Follow-ups: what is found for the query that the assistant makes of a turn and its history?

Without a corpus, how near that query comes to the gold rewrite, word for word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from assistant.conversation import standalone_query
from assistant.errors import QuestionInvalid
from assistant.index.lexical import words
from assistant.types import Turn
from evals.metrics.ranking import SOURCE, measured
from evals.statistics import interval
from evals.thirdparty.pool import Pools, assistant_over, by_document
from evals.thirdparty.sets import Followed, TurnSet
from evals.thirdparty.table import Figure, Table

RANKED_BY = ("BM25", "dense", "min-max 0.5", "hip-assistant")
LAST, GOLD, OURS = "last question", "gold rewrite", "hip-assistant's query"
SHARE = "share of the gain"
DEPTH = 60


def _history(turn: Followed) -> list[Turn]:
    return [Turn(question, answer) for question, answer in turn.history]


# What is searched for a turn; the gold rewrite is the ceiling.
QUERIES: dict[str, Callable[[Followed], str]] = {
    LAST: lambda turn: turn.question,
    "last question + turn before": lambda turn: f"{turn.question} {turn.history[-1][0]}",
    "last question + all turns": lambda turn: " ".join(
        [turn.question, *(question for question, _ in turn.history)]
    ),
    OURS: lambda turn: standalone_query(turn.question, _history(turn)),
    GOLD: lambda turn: turn.rewrite,
}


def measure(data: TurnSet, pools: Pools) -> Table:
    """nDCG@10 where the set has a corpus, else the overlap with the gold rewrite."""
    judged = [turn for turn in data.turns if turn.relevant]
    return _retrieval(data, judged, pools) if data.documents and judged else _rewrites(data)


def _retrieval(data: TurnSet, turns: Sequence[Followed], pools: Pools) -> Table:
    workshop = pools.workshop
    units = pools.units(data.name, data.documents, cut=False)
    index = pools.index(data.name, data.documents)
    assistant = assistant_over(index, workshop)
    texts = {document.text.strip(): key for key, document in data.documents.items()}
    values: dict[tuple[str, str], list[float]] = {}
    for turn in workshop.steps(turns, f"{data.name}: follow-ups"):
        # What the history shows would only find itself.
        shown = {texts[text.strip()] for text in turn.shown if text.strip() in texts}
        hidden = sorted(shown - set(turn.relevant))
        for name, query_of in QUERIES.items():
            query = query_of(turn)
            scores = units.scores(query)
            ranked = {
                by: [units.documents[row] for row in units.ranked(scores[by], 10, hidden)]
                for by in scores
            }
            with index.hiding(hidden):
                try:
                    asked = (turn.question, _history(turn)) if name == OURS else (query, ())
                    hits = assistant.retrieve(asked[0], DEPTH, asked[1])
                except QuestionInvalid:
                    hits = []
            ranked["hip-assistant"] = by_document(hits)
            for by, names in ranked.items():
                score = measured("nDCG@10", names, turn.relevant)
                values.setdefault((name, by), []).append(score)
    table = Table(
        f"{data.name}, multi-turn",
        f"{len(turns)} turns after the first, {len(data.documents):,} passages; nDCG@10 by what is searched "
        f"(rows) and who ranks (columns); {SOURCE}. Passages that the history shows are left out. "
        f"“{SHARE}”: ({OURS} - {LAST}) / ({GOLD} - {LAST}).",
        RANKED_BY,
    )
    for name in QUERIES:
        table.rows[name] = {
            by: Figure(float(np.mean(values[name, by])), interval(values[name, by]))
            for by in RANKED_BY
        }
    table.rows[SHARE] = {by: Figure(_share(table, by)) for by in RANKED_BY}
    return table


def _share(table: Table, by: str) -> float | None:
    ours, last, gold = (table.rows[name][by].value or 0.0 for name in (OURS, LAST, GOLD))
    return (ours - last) / (gold - last) if gold != last else None


def _rewrites(data: TurnSet) -> Table:
    table = Table(
        f"{data.name}, multi-turn rewrites",
        f"{len(data.turns)} turns after the first, without a corpus: stemmed words that the query has "
        "in common with the gold rewrite, as precision, recall and F1 (ROUGE-1), mean over turns.",
        ("precision", "recall", "F1"),
    )
    for name, query_of in QUERIES.items():
        if name == GOLD:
            continue
        scores = np.array([_overlap(query_of(turn), turn.rewrite) for turn in data.turns])
        table.rows[name] = {
            column: Figure(float(scores[:, place].mean()), interval(scores[:, place].tolist()))
            for place, column in enumerate(table.columns)
        }
    return table


def _overlap(query: str, rewrite: str) -> tuple[float, float, float]:
    own, gold = Counter(words(query)), Counter(words(rewrite))
    common = sum((own & gold).values())
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / sum(own.values()), common / sum(gold.values())
    return precision, recall, 2 * precision * recall / (precision + recall)
