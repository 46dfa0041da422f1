"""A retrieval set -> nDCG@10 and the like: the assistant beside BM25, dense and their sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.errors import QuestionInvalid
from assistant.types import Hit
from evals.metrics.ranking import SOURCE
from evals.statistics import interval
from evals.thirdparty.pool import Pools, assistant_over
from evals.thirdparty.sets import RetrievalSet
from evals.thirdparty.table import Figure, Table

MEASURES = ("nDCG@10", "R@5", "R@10", "R@100", "RR@10")
SPANS = (1, 5, 10)
# Passages that are folded to at most a hundred documents.
DEPTH = 1000
# The share of an answer that a passage has to cover.
COVERED = 0.5

Span = tuple[str, int, int]


def measure(data: RetrievalSet, pools: Pools) -> Table:
    """Our default configuration and three baselines over one set."""
    cut, workshop = bool(data.answers), pools.workshop
    units = pools.units(data.name, data.documents, cut=cut)
    assistant = assistant_over(pools.index(data.name, data.documents), workshop)
    runs: dict[str, dict[str, list[str]]] = {}
    spans: dict[str, dict[str, list[Span]]] = {}
    refused = 0

    def keep(method: str, query: str, found: Sequence[Span]) -> None:
        runs.setdefault(method, {})[query] = list(dict.fromkeys(name for name, _, _ in found))[:100]
        spans.setdefault(method, {})[query] = list(found[: max(SPANS)])

    for number, (query, text) in enumerate(data.queries.items(), start=1):
        for method, scores in units.scores(text).items():
            rows = units.ranked(scores, DEPTH if cut else 100)
            keep(method, query, [(units.documents[row], *units.spans[row]) for row in rows])
        hits: Sequence[Hit] = ()
        try:
            hits = assistant.retrieve(text, DEPTH)
        except QuestionInvalid:
            refused += 1
        keep(
            "hip-assistant",
            query,
            [(h.passage.document_id, h.passage.start, h.passage.end) for h in hits],
        )
        workshop.progress(f"{data.name}: ranking", number, len(data.queries))

    table = Table(
        f"{data.name} ({data.split}), retrieval",
        f"{len(data.queries)} queries, {len(data.documents):,} documents; {SOURCE}. Baselines rank "
        + ("chunks of 1,000 characters, 200 shared" if cut else "whole documents, one vector each")
        + "; the assistant ranks its own passages. A document's place is that of its best part. "
        + ("span@k: one of k parts covers half of an answer. " if cut else "")
        + f"The assistant refused {refused} queries as questions; they count 0.",
        (*MEASURES, *(f"span@{k}" for k in SPANS)) if cut else MEASURES,
    )
    for method, run in runs.items():
        table.rows[method] = figures(run, data.qrels)
        for k in SPANS if cut else ():
            hit = [_covers(spans[method][q][:k], q, data) for q in data.answers]
            table.rows[method][f"span@{k}"] = Figure(sum(hit) / len(hit), interval(hit))
    return table


def figures(
    run: Mapping[str, Sequence[str]], qrels: Mapping[str, Mapping[str, int]]
) -> dict[str, Figure]:
    """The MEASURES of a run, query -> documents, best first; a query without any counts 0."""
    import ir_measures

    judged = [
        ir_measures.Qrel(query, name, grade)
        for query, relevant in qrels.items()
        for name, grade in relevant.items()
    ]
    ranked = [
        ir_measures.ScoredDoc(query, name, -float(place))
        for query, names in run.items()
        for place, name in enumerate(names)
    ]
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    for value in ir_measures.iter_calc(measures, judged, ranked):
        values[str(value.measure)][value.query_id] = float(value.value)
    return {
        name: Figure(sum(by_query.values()) / len(by_query), interval(list(by_query.values())))
        for name, by_query in values.items()
    }


def _covers(found: Sequence[Span], query: str, data: RetrievalSet) -> float:
    """1 when a part of the right document covers half of an answer."""
    for name, start, end in found:
        if name in data.qrels[query]:
            for answer_start, text in data.answers[query]:
                common = min(end, answer_start + len(text)) - max(start, answer_start)
                if common >= COVERED * len(text):
                    return 1.0
    return 0.0
