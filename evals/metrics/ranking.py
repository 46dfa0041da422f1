"""Retrieval: where the passages that say the gold quotes stand among those found."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from evals.metrics.card import Metric
from evals.outcomes import Outcome

GAIN = "A passage is relevant (gain 1) when it holds a gold quote or rests on a passage that does; "
SOURCE = "ir_measures 0.4 (trec_eval)"


def measured(measure: str, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """A measure of ir_measures, such as `nDCG@10`, for one ranking of ids, best first."""
    import ir_measures

    if not ranked or not relevant:
        return 0.0
    qrels = [ir_measures.Qrel("q", name, 1) for name in relevant]
    # Scores fall strictly, so that no tie is left to be broken by name.
    run = [ir_measures.ScoredDoc("q", name, -float(place)) for place, name in enumerate(ranked)]
    (value,) = ir_measures.iter_calc([ir_measures.parse_measure(measure)], qrels, run)
    return float(value.value)


def ndcg(outcome: Outcome) -> float | None:
    return _at("nDCG@10", outcome)


def recall_5(outcome: Outcome) -> float | None:
    return _at("R@5", outcome)


def recall_10(outcome: Outcome) -> float | None:
    return _at("R@10", outcome)


def recall_100(outcome: Outcome) -> float | None:
    """None for a system that shows no more than its answer's hits."""
    if len(outcome.reply.ranked) <= len(outcome.answer.hits):
        return None
    return _at("R@100", outcome)


def reciprocal_rank(outcome: Outcome) -> float | None:
    return _at("RR@10", outcome)


def span_recall(outcome: Outcome) -> float | None:
    if not outcome.golden:
        return None
    found = set(outcome.reply.ranked[:10])
    return sum(bool(saying & found) for saying in outcome.golden) / len(outcome.golden)


def gold_found(outcome: Outcome) -> float | None:
    """Whether a document that the gold names is among ten hits, itself or by what rests on it."""
    gold = {g.reference for g in outcome.case.gold}
    if not gold:
        return None
    ten = outcome.reply.ranked[:10]
    return float(any(name in outcome.relevant or name.split("#")[0] in gold for name in ten))


def _at(measure: str, outcome: Outcome) -> float | None:
    """None without gold: there is nothing to find."""
    return measured(measure, outcome.reply.ranked, outcome.relevant) if outcome.golden else None


METRICS = (
    Metric(
        "nDCG@10",
        ("answerable",),
        ndcg,
        GAIN + "discounted gain of the first ten over that of the best ranking.",
        SOURCE,
        "no relevant passage among ten",
        "all relevant passages first",
    ),
    Metric(
        "R@5",
        ("answerable",),
        recall_5,
        GAIN + "relevant passages among five, over all relevant.",
        SOURCE,
        "none of them among five",
        "all of them among five",
    ),
    Metric(
        "R@10",
        ("answerable",),
        recall_10,
        GAIN + "relevant passages among ten, over all relevant.",
        SOURCE,
        "none of them among ten",
        "all of them among ten",
    ),
    Metric(
        "R@100",
        ("answerable",),
        recall_100,
        GAIN + "relevant passages among a hundred, over all relevant.",
        SOURCE,
        "none of them among a hundred",
        "all of them among a hundred",
    ),
    Metric(
        "RR@10",
        ("answerable",),
        reciprocal_rank,
        GAIN + "1 over the rank of the first relevant passage, 0 beyond ten.",
        SOURCE,
        "no relevant passage among ten",
        "a relevant passage first",
    ),
    Metric(
        "span recall@10",
        ("answerable",),
        span_recall,
        "Gold quotes that a passage among ten holds or rests on, over all gold quotes.",
        "after answer recall of passage retrieval, Karpukhin et al. 2020, arXiv 2004.04906",
        "no gold quote among ten passages",
        "every gold quote among ten passages",
    ),
    Metric(
        "gold among ten hits",
        ("answerable",),
        gold_found,
        "1 when a document of the gold, or a passage that rests on the gold, is among ten hits.",
        "success at 10, over documents",
        "in no case",
        "in every case",
    ),
)
