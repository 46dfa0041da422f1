"""What a reader thought of an answer: a thumb, a reason for a thumb down, a comment."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from assistant.errors import FeedbackInvalid

Thumb = Literal["up", "down"]
Reason = Literal["wrong", "not supported", "missing", "unclear", "unsafe"]
THUMBS: tuple[Thumb, ...] = get_args(Thumb)
REASONS: tuple[Reason, ...] = get_args(Reason)
MAX_COMMENT = 2000


@dataclass(frozen=True, slots=True)
class Opinion:
    """A thumb with what was said beside it.

    Raises FeedbackInvalid for a thumb or reason that is none, a reason with a thumb up, or more
    than 2,000 characters of comment. Control characters are dropped from it.
    """

    thumb: Thumb
    reason: Reason | None = None
    comment: str = ""

    def __post_init__(self) -> None:
        if self.thumb not in THUMBS:
            raise FeedbackInvalid(f"The thumb {self.thumb!r} is none of {', '.join(THUMBS)}.")
        if self.reason is not None and self.reason not in REASONS:
            raise FeedbackInvalid(
                f"The reason {self.reason!r} is none of {', '.join(REASONS)}. Choose one, or none."
            )
        if self.thumb == "up" and self.reason is not None:
            raise FeedbackInvalid(
                f"The reason {self.reason!r} goes with a thumb down. Leave it out, or turn the thumb."
            )
        if len(self.comment) > MAX_COMMENT:
            raise FeedbackInvalid(
                f"The comment has {len(self.comment):,} characters; at most {MAX_COMMENT:,} are kept. "
                "Say it in fewer words."
            )
        object.__setattr__(self, "comment", cleaned(self.comment))


@dataclass(frozen=True, slots=True)
class Feedback:
    """An opinion as it was kept, with all that it was about.

    `earlier` are the questions before it in its conversation, `answer` the machine-readable
    answer, None where it was not given.
    """

    id: int
    given_at: datetime
    opinion: Opinion
    question: str
    earlier: tuple[str, ...]
    answer: dict[str, Any] | None


def cleaned(text: str) -> str:
    """Without control characters and lone surrogates, which databases refuse; new lines stay."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()
