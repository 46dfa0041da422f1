"""Text that reads like orders to a program, and text that cannot be read as English at all.

In goes any text of other people (a passage, a title, a question, an earlier turn), out comes
whether a language model may be shown it. What is found is kept from the model; as text it can be
quoted like any other. A list of wordings never has all of them: that a sentence is proved before it
is shown does not rest on this module. It knows nothing of medicine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from assistant.disguises import deciphered, is_hidden, readings
from assistant.english import english_words

Finding = Literal["orders", "unreadable"]

# So much weight of telling words in one sentence makes an order. On medical texts of others (SciFact,
# PubMedQA, MedQuAD) about one sentence in a thousand has it, of the hip corpus none.
ORDER = 3
WORDINGS = Path(__file__).with_name("orders.txt")

UNIT = re.compile(r"(?<=[.?!;。！？।])\s+|\n+|(?<=[.?])(?=[\[(<{])")
WORD = re.compile(r"[^\W\d_]+")
ADDRESS = re.compile(r"\S*[/@]\S*")
# A unit of so many words, names aside, of which fewer than this share are English, and none is one of
# these small words, is another language, a cipher or written backwards.
FEW_WORDS, FEW_PLAIN, ENGLISH = 5, 3, 0.5
SMALL = frozenset(
    ("the", "of", "and", "with", "were", "from", "that", "are", "not", "by", "to", "which", "after")
)
OTHER_SCRIPT = 0.3


@lru_cache(maxsize=4096)
def finding(text: str) -> Finding | None:
    """What keeps a text from a language model; None for ordinary text."""
    if reads_like_orders(text):
        return "orders"
    return "unreadable" if any(map(_is_unreadable, units(text))) else None


@lru_cache(maxsize=4096)
def reads_like_orders(text: str) -> bool:
    """True when a sentence of the text, plain or encoded, orders a program about."""
    if is_hidden(text) or any(map(_orders, readings(text))):
        return True
    ciphers = (unit for unit in units(text) if not SMALL & _words(unit))
    return any(_orders(reading) for unit in ciphers for reading in deciphered(unit))


def units(text: str) -> list[str]:
    """Sentences, lines and what stands in brackets behind a sentence."""
    return [unit for unit in UNIT.split(text) if unit.strip()]


def _orders(text: str) -> bool:
    """True when a unit gives an order, also one that runs on over the end of a line."""
    found = dict.fromkeys([*units(text), *units(" ".join(text.split()))])
    patterns, weights = _wordings()
    return any(
        _weight(unit, weights) >= ORDER or any(pattern.search(unit) for pattern in patterns)
        for unit in found
    )


def _weight(unit: str, weights: Mapping[str, re.Pattern[str]]) -> int:
    """How much of a unit speaks to a program: its telling words, each counted once."""
    heavy = {match[0] for match in weights["HEAVY"].finditer(unit)}
    light = {match[0] for match in weights["LIGHT"].finditer(unit)}
    spoken = sum(weights[name].search(unit) is not None for name in ("SPOKEN", "OPENING"))
    return 2 * len(heavy) + len(light) + spoken


@cache
def _wordings() -> tuple[tuple[re.Pattern[str], ...], dict[str, re.Pattern[str]]]:
    """The patterns of orders.txt, its names put in, and the words that are weighed by name."""
    named: dict[str, str] = {}
    patterns = []
    for line in WORDINGS.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        line = re.sub("«([A-Z]+)»", lambda m: f"(?:{named[m[1]]})", line)
        if name := re.match("([A-Z]+) = ", line):
            named[name[1]] = line[name.end() :]
        else:
            patterns.append(re.compile(line, re.IGNORECASE))
    weighed = ("HEAVY", "LIGHT", "SPOKEN", "OPENING")
    return tuple(patterns), {name: re.compile(named[name], re.IGNORECASE) for name in weighed}


def _is_unreadable(unit: str) -> bool:
    """True for another script or language, a cipher, or words written backwards."""
    letters = [c for c in unit if c.isalpha()]
    foreign = sum(not unicodedata.name(c, "").startswith(("LATIN", "GREEK")) for c in letters)
    if len(letters) >= FEW_WORDS and foreign > OTHER_SCRIPT * len(letters):
        return True
    found = WORD.findall(ADDRESS.sub(" ", unit))
    # Names say nothing of a language, but for the word that opens the unit.
    plain = [w.lower() for n, w in enumerate(found) if len(w) > 2 and (n == 0 or w[0].islower())]
    if len(found) < FEW_WORDS or len(plain) < FEW_PLAIN or SMALL & _words(unit):
        return False
    return sum(word in english_words() for word in plain) < ENGLISH * len(plain)


def _words(unit: str) -> set[str]:
    return {word.lower() for word in WORD.findall(unit)}
