"""What may be asked: `checked` returns the question, tidied, or raises QuestionInvalid."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from assistant.errors import QuestionInvalid

MAX_CHARACTERS = 2000
# Shares and probabilities above which a question is taken for another language; chosen so that
# telegraphic English with typos passes (tests/test_questions.py).
MIN_KNOWN_WORDS = 0.75
MIN_OTHER_LANGUAGE = 0.6


def checked(question: str, knows: Callable[[str], bool]) -> str:
    """The question with white space folded and invisible characters dropped.

    `knows` says whether a word is English or stands in the corpus. Raises QuestionInvalid.
    """
    if len(question) > MAX_CHARACTERS:
        raise QuestionInvalid(
            f"The question has {len(question):,} characters; at most {MAX_CHARACTERS:,} are "
            "accepted. Ask it in fewer words."
        )
    for character in question:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r":
            raise QuestionInvalid(
                f"The question holds the control character U+{ord(character):04X}; only printable "
                "text is accepted. Type the question again."
            )
    visible = "".join(c for c in question if unicodedata.category(c) != "Cf")
    tidy = re.sub(r"\s+", " ", visible).strip()
    if not tidy:
        raise QuestionInvalid(
            'The question is empty. Ask one in English, for example: "What is dystrophic '
            'mineralization of the hip?"'
        )
    if not any(character.isalpha() for character in tidy):
        raise QuestionInvalid(
            "The question has no words; a question in English is accepted. Ask it in words."
        )
    if _other_language(tidy, knows):
        raise QuestionInvalid(
            "The question does not seem to be in English, the only language that the corpus can be "
            "searched in. Ask it in English."
        )
    return tidy


def _other_language(question: str, knows: Callable[[str], bool]) -> bool:
    letters = [character for character in question if character.isalpha()]
    latin = sum("LATIN" in unicodedata.name(c, "") for c in letters)
    # Greek letters occur in English questions (α-blocker, μg), but do not fill them.
    if latin < len(letters) / 2:
        return True
    words = re.findall(r"[^\W\d_]+", question.lower())
    known = sum(knows(word) for word in words)
    if len(words) < 3 or known / len(words) > MIN_KNOWN_WORDS:
        return False
    language, probability = _identifier().classify(question)
    return bool(language != "en" and probability > MIN_OTHER_LANGUAGE)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """Loaded only for questions with few known words: it takes most of a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
