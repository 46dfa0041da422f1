"""An outcome -> its row in a report: what was asked, what a good answer shows, what came, how it scored."""

from __future__ import annotations

from typing import Any

from evals.outcomes import Outcome, Reply
from evals.statistics import Score

HITS = 10


def row_of(outcome: Outcome, scores: dict[str, Score]) -> dict[str, Any]:
    """All that `eval show` prints of a case."""
    case, relevant = outcome.case, outcome.relevant
    row: dict[str, Any] = {
        "part": case.part,
        "kind": case.kind,
        "locked": case.locked,
        "asker": case.asker,
        "question": case.question,
        "earlier": list(case.earlier),
        "gold": [{"reference": g.reference, "quote": g.quote} for g in case.gold],
        "nuggets": [list(nugget) for nugget in case.nuggets],
        "must": case.notice,
        "forbidden": case.forbidden,
        "disputed": outcome.disputed,
        "scores": scores,
        "reply": _reply(outcome.reply, relevant),
    }
    others = [
        ("alone", case.question, outcome.alone),
        ("rewritten", case.rewrite, outcome.rewritten),
    ]
    for name, question, reply in others:
        if reply is not None:
            row[name] = {"question": question, "reply": _reply(reply, relevant)}
    if outcome.wordings:
        row["wordings"] = [
            {"question": wording, "reply": _reply(reply, relevant)}
            for wording, reply in zip(case.wordings, outcome.wordings, strict=True)
        ]
    return row


def _reply(reply: Reply, relevant: frozenset[str]) -> dict[str, Any]:
    answer = reply.answer
    texts = {hit.passage.id: hit.passage.text for hit in answer.hits}
    return {
        "query": answer.query,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "probability": answer.probability,
        "sentences": [
            {
                "text": sentence.text,
                "lead": sentence.lead,
                "mark": sentence.mark,
                "cites": [citation.passage.id for citation in sentence.citations],
            }
            for sentence in answer.sentences
        ],
        "notices": [{"kind": notice.kind, "text": notice.text} for notice in answer.notices],
        "hits": [
            {"passage": name, "relevant": name in relevant, "text": texts.get(name, "")}
            for name in reply.ranked[:HITS]
        ],
    }
