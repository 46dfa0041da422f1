"""Follow-ups and other wordings: is the same thing found however it is asked?"""

from __future__ import annotations

from itertools import combinations

from assistant.types import Answer
from evals.metrics.card import Metric
from evals.metrics.ranking import GAIN, SOURCE, measured
from evals.outcomes import Outcome, Reply

# Types of the corpus's own texts: what they say rests on published works, which are cited behind them.
UNPUBLISHED = ("topic page", "source text")


def with_turns(outcome: Outcome) -> float | None:
    return _ndcg(outcome, outcome.reply)


def last_question(outcome: Outcome) -> float | None:
    return _ndcg(outcome, outcome.alone)


def gold_rewrite(outcome: Outcome) -> float | None:
    return _ndcg(outcome, outcome.rewritten)


def same_first_reference(outcome: Outcome) -> float:
    """An abstention has no first reference, and so none in common."""
    firsts = {_first_work(reply.answer) for reply in _all(outcome)}
    return float(len(firsts) == 1 and None not in firsts)


def _first_work(answer: Answer) -> str | None:
    """The first published work that is cited; where there is none, the first document."""
    works = [r for r in answer.references if r.type not in UNPUBLISHED]
    return next((r.document_id for r in [*works, *answer.references]), None)


def common_hits(outcome: Outcome) -> float:
    tens = [set(reply.ranked[:10]) for reply in _all(outcome)]
    overlaps = [len(a & b) / len(a | b) if a | b else 0.0 for a, b in combinations(tens, 2)]
    return sum(overlaps) / len(overlaps) if overlaps else 1.0


def worst_wording(outcome: Outcome) -> float | None:
    """None without gold."""
    if not outcome.golden:
        return None
    return min(measured("nDCG@10", reply.ranked, outcome.relevant) for reply in _all(outcome))


def _ndcg(outcome: Outcome, reply: Reply | None) -> float | None:
    """None without gold, and for a reply that the case does not have."""
    if reply is None or not outcome.golden:
        return None
    return measured("nDCG@10", reply.ranked, outcome.relevant)


def _all(outcome: Outcome) -> tuple[Reply, ...]:
    return (outcome.reply, *outcome.wordings)


def _follow_up(name: str, score: object, words: str, gated: bool) -> Metric:
    return Metric(
        name,
        ("conversation",),
        score,  # type: ignore[arg-type]
        f"nDCG@10 of {words}. " + GAIN + "as in nDCG@10.",
        f"{SOURCE}; the comparison after TREC CAsT",
        "no relevant passage among ten",
        "all relevant passages first",
        gate="interval" if gated else "never",
    )


METRICS = (
    _follow_up(
        "follow-up nDCG@10", with_turns, "a follow-up, asked with the turns before it", True
    ),
    _follow_up("follow-up alone nDCG@10", last_question, "the same follow-up without them", False),
    _follow_up("follow-up rewritten nDCG@10", gold_rewrite, "its gold rewrite", False),
    Metric(
        "same first reference",
        ("paraphrase",),
        same_first_reference,
        "1 when the answers to all wordings of a question name the same published work first.",
        "paraphrase stability",
        "in no group of wordings",
        "in every group",
    ),
    Metric(
        "common hits",
        ("paraphrase",),
        common_hits,
        "Jaccard overlap of the first ten passages of two wordings, mean over all pairs.",
        "Jaccard 1912",
        "no passage in common",
        "the same ten for every wording",
    ),
    Metric(
        "worst wording nDCG@10",
        ("paraphrase",),
        worst_wording,
        "The least nDCG@10 of the wordings of a question.",
        SOURCE,
        "one wording finds nothing",
        "every wording finds all",
    ),
)
