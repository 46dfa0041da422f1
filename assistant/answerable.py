"""Whether the corpus answers a question that leans on the turns before it, or that asks several things.

The scorer judges one question by itself. A follow-up and its subject, or two questions in one sentence,
are judged by what they are made of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.conversation import Query
from assistant.parts import clauses_of
from assistant.ranking import Found

# A follow-up that alone is less likely to be answered speaks of something else than the corpus. Of the
# suite's unlocked follow-ups the least likely has 0.51; what has nothing to do with the hip has less, mostly.
ON_SUBJECT = 0.5


def judged(
    found: Found, query: Query, find: Callable[[str], Found], *, enough: float | None = None
) -> Found:
    """`found` for a query, answered also where a question that it is made of is; `find` asks one.

    So is one that is as likely to be answered as is `enough` for its kind.
    """
    if found.answered is not False:
        return found
    if enough is not None and (found.probability or 0.0) >= enough:
        return replace(found, answered=True)
    if query.carried:
        if (find(query.question).probability or 0.0) < ON_SUBJECT:
            return found
        others = [query.text]
    else:
        clauses = clauses_of(query.question)
        others = list(clauses) if len(clauses) > 1 else []
    best = max(map(find, others), key=lambda one: one.probability or 0.0, default=found)
    if not best.answered:
        return found
    return replace(found, probability=best.probability, answered=True)
