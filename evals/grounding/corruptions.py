"""True sentences -> three times as many that their passages do not carry, of seven kinds; always the same.

What is put in for what stands in data/corruptions.yaml, which the checker does not read. A change is kept
only where the passages cannot say it: a new number or a swapped-in name is in none of them. All were read;
those that turned out true after all are named in the files under `left_out`.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from assistant.index.reader import Index
from evals.grounding.sentences import Part, TrueSentence

DATA = Path(__file__).parents[1] / "data" / "corruptions.yaml"
# Read before it for the sentences that came later.
SECOND = DATA.with_name("corruptions_second.yaml")
THIRD = DATA.with_name("corruptions_third.yaml")
FOURTH = DATA.with_name("corruptions_fourth.yaml")
FIFTH = DATA.with_name("corruptions_fifth.yaml")
SEED = 20261125
KINDS = (
    "number",
    "unit",
    "negation",
    "direction",
    "drug or condition",
    "merged populations",
    "invented citation",
)
OF_EACH = 3
# Of one kind from one sentence.
AT_MOST = 2

_WORDS = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
]  # fmt: skip
# Not the width of an interval, nor part of a word.
_NUMBER = re.compile(r"(?<![\w.,#-])(?!9[059] ?% CI)\d+(?:[.,]\d+)*(?![\w-]|[.,]\d)")
_NEGATIVE = re.compile(r"\b(?:not|no|nor|neither|none|never|without|cannot|failed)\b")
# "Was found" is no "found".
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|be|been|has|have|had)(?: \w+ly)? $")


@dataclass(frozen=True, slots=True)
class Corruption:
    """A sentence that `passages` do not carry; `of` is the true one that it was made from."""

    id: str
    of: str
    kind: str
    part: Part
    text: str
    passages: tuple[str, ...]


def corruptions(
    sentences: Sequence[TrueSentence], index: Index, paths: Sequence[Path] = (DATA,)
) -> tuple[Corruption, ...]:
    """OF_EACH for each sentence, of all kinds alike and of all parts alike where there are enough."""
    maker = Maker(index, paths)
    wanted, more = divmod(OF_EACH * len(sentences), len(KINDS))
    found: list[Corruption] = []
    for place, kind in enumerate(KINDS):
        candidates = [made for sentence in sentences for made in maker.made(kind, sentence)]
        chance = random.Random(f"{SEED}|{kind}")
        found += _drawn(candidates, wanted + (place < more), chance)
    return tuple(found)


def _lists(paths: Sequence[Path]) -> dict[str, Any]:
    """The lists of all files; where two say something of one thing, the first does."""
    found: dict[str, Any] = {}
    for path in paths:
        for name, own in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).items():
            before = found.get(name)
            if before is None:
                found[name] = own
            else:
                found[name] = own | before if isinstance(own, dict) else before + own
    return found


def _drawn(
    candidates: list[Corruption], wanted: int, chance: random.Random
) -> Iterator[Corruption]:
    """Round by round, so that no sentence gives a second one while another has given none."""
    chance.shuffle(candidates)
    taken: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    of_a_part = -(-wanted // max(1, len({one.part for one in candidates})))
    for most in range(1, AT_MOST + 1):
        for one in candidates:
            full = parts[one.part] >= of_a_part or parts.total() >= wanted
            if taken[one.of] < most and not full and one.id not in taken:
                taken[one.of] += 1
                taken[one.id] += 1
                parts[one.part] += 1
                yield one


class Maker:
    """Makes every corruption of a kind that a sentence allows, by the lists in the files `paths`."""

    def __init__(self, index: Index, paths: Sequence[Path]) -> None:
        self._index = index
        self._lists = _lists(paths)
        self._left_out = set(self._lists.get("left_out", ()))
        self._ways = {
            "number": self._numbers,
            "unit": self._units,
            "negation": self._negations,
            "direction": self._directions,
            "drug or condition": self._swaps,
        }

    def made(self, kind: str, sentence: TrueSentence) -> Iterator[Corruption]:
        """All of one kind, each with an id that says which change it is."""
        chance = random.Random(f"{SEED}|{kind}|{sentence.id}")
        carried = "\n".join(self._text(passage) for passage in sentence.passages)
        if kind == "merged populations":
            changed = list(self._populations(sentence, carried, chance))
        elif kind == "invented citation":
            changed = list(self._citations(sentence, chance))
        else:
            own = tuple(sentence.passages)
            changed = [(text, own) for text in self._ways[kind](sentence.text, carried, chance)]
        for number, (text, passages) in enumerate(changed, start=1):
            if text != sentence.text or passages != tuple(sentence.passages):
                name = f"{sentence.id}/{kind.replace(' ', '-')}/{number}"
                if name not in self._left_out:
                    yield Corruption(name, sentence.id, kind, sentence.part, text, passages)

    def _numbers(self, text: str, carried: str, chance: random.Random) -> Iterator[str]:
        said = set(_NUMBER.findall(carried)) | set(_NUMBER.findall(text))
        for match in _NUMBER.finditer(text):
            new = _other_number(match[0], said, chance)
            if new:
                yield _put(text, match, new)
        for match in re.finditer(rf"(?<!-)\b(?:{'|'.join(_WORDS)})\b(?!-)", text, re.IGNORECASE):
            value = _WORDS.index(match[0].lower()) + 1
            others = [
                word
                for other, word in enumerate(_WORDS, start=1)
                if abs(other - value) in (1, 2, 3, 4) and other > 1 and str(other) not in said
                and not re.search(rf"\b{word}\b", f"{carried} {text}", re.IGNORECASE)
            ]  # fmt: skip
            # "one" and "first two" are often no figures.
            if value > 1 and others:
                yield _put(text, match, _cased(chance.choice(others), match[0]))

    def _units(self, text: str, carried: str, chance: random.Random) -> Iterator[str]:
        units: Mapping[str, list[str]] = self._lists["units"]
        longest = sorted(units, key=len, reverse=True)
        names = "|".join(re.escape(unit) for unit in longest)
        number = rf"(?:{_NUMBER.pattern}|\b(?:{'|'.join(_WORDS)}|half an?|an?|per)\b)"
        for match in re.finditer(rf"({number})( ?)({names})(?![\w%/])", text):
            for new in units[match[3]]:
                gap = "" if new == "%" else " "
                yield text[: match.start(2)] + gap + new + text[match.end(3) :]

    def _negations(self, text: str, carried: str, chance: random.Random) -> Iterator[str]:
        taken: list[tuple[int, int]] = []
        for said, denied in self._lists["negations"]:
            for match in re.finditer(rf"\b{said}\b", text, re.IGNORECASE):
                near = text[max(0, match.start() - 25) : match.end() + 12]
                denies = _NEGATIVE.search(said) or "failed" in said
                if any(a < match.end() and match.start() < b for a, b in taken):
                    continue
                taken.append(match.span())
                if denied.startswith(("did", "does", "do")) and _AUXILIARY.search(
                    text[: match.start()]
                ):
                    continue
                # One negation more or less: where another stands beside it, who knows what is said.
                if denies or not _NEGATIVE.search(near):
                    yield _put(text, match, _cased(denied, match[0]))

    def _directions(self, text: str, carried: str, chance: random.Random) -> Iterator[str]:
        other: dict[str, str] = {}
        for one, two in self._lists["directions"]:
            other.setdefault(one, two)
        for one, two in self._lists["directions"]:
            other.setdefault(two, one)
        names = "|".join(sorted(other, key=len, reverse=True))
        for match in re.finditer(rf"\b(?:{names})\b(?!-)", text, re.IGNORECASE):
            before = text[max(0, match.start() - 30) : match.start()]
            if not _NEGATIVE.search(before):
                yield _put(text, match, _cased(other[match[0].lower()], match[0]))

    def _swaps(self, text: str, carried: str, chance: random.Random) -> Iterator[str]:
        swaps: Mapping[str, list[str]] = self._lists["swaps"]
        names = "|".join(re.escape(name) for name in sorted(swaps, key=len, reverse=True))
        for match in re.finditer(rf"\b(?:{names})\b", text, re.IGNORECASE):
            named = next(name for name in swaps if name.lower() == match[0].lower())
            others = [o for o in swaps[named] if o.lower() not in f"{carried} {text}".lower()]
            if others:
                new = chance.choice(others)
                # The thing itself is swapped wherever it is named, so that the sentence agrees with itself.
                pattern = rf"\b{re.escape(match[0])}\b"
                yield re.sub(pattern, lambda m, new=new: _cased(new, m[0]), text)  # type: ignore[misc]

    def _populations(
        self, sentence: TrueSentence, carried: str, chance: random.Random
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """With the note of the other population nearest to the sentence cited beside its own."""
        table: Mapping[str, list[list[str]]] = self._lists["populations"]
        text = sentence.text
        names = "|".join(re.escape(name) for name in sorted(table, key=len, reverse=True))
        for match in re.finditer(rf"\b(?:{names})\b", text, re.IGNORECASE):
            named = next(name for name in table if name.lower() == match[0].lower())
            for other, pattern in table[named]:
                if re.search(pattern, f"{carried} {text}", re.IGNORECASE):
                    continue
                near = [
                    row
                    for row in self._nearest(sentence.passages[0])
                    if re.search(pattern, self._index.passages[row].text, re.IGNORECASE)
                ]
                if near:
                    added = self._index.passages[near[0]].id
                    changed = _put(text, match, _cased(other, match[0]))
                    yield changed, (*sentence.passages, added)

    def _citations(
        self, sentence: TrueSentence, chance: random.Random
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Three kinds: a note that does not say it, near or far, an unknown note, an author and year."""
        way = chance.randrange(4)
        if way == 0:
            yield sentence.text, (f"unknown-{chance.randrange(1000):03d}#findings/1",)
        elif way == 1:
            author = chance.choice(self._lists["authors"])
            year = chance.randrange(1991, 2025)
            yield (
                f"{sentence.text.rstrip('.')} ({author} et al., {year}).",
                tuple(sentence.passages),
            )
        else:
            ranks = range(10, 60) if way == 2 else range(500, 2000)
            row = self._nearest(sentence.passages[0])[chance.choice(ranks)]
            yield sentence.text, (self._index.passages[row].id,)

    def _nearest(self, passage: str) -> NDArray[np.int64]:
        """Rows of all passages, nearest to this one first."""
        vectors = self._index.vectors
        own = vectors[self._index.row_of[passage]]
        return np.argsort(-np.round(vectors @ own, 4), kind="stable")

    def _text(self, passage: str) -> str:
        return self._index.passages[self._index.row_of[passage]].text


def _other_number(number: str, said: set[str], chance: random.Random) -> str | None:
    """One with as many decimals that nobody said; None where none was found."""
    plain = number.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", number) else number
    decimals = len(plain.partition(".")[2])
    value = float(plain)
    for _ in range(50):
        factor = chance.choice((0.5, 0.7, 0.8, 0.9, 1.1, 1.2, 1.5, 2.0))
        new = max(round(value * factor, decimals), 10**-decimals if decimals else 1)
        new = value + 1 if new == value else new
        written = f"{new:,.{decimals}f}" if "," in number else f"{new:.{decimals}f}"
        if written not in said and float(new) not in {_value(s) for s in said}:
            return written
    return None


def _value(number: str) -> float:
    return float(number.replace(",", "")) if number.count(".") <= 1 else float("nan")


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _cased(new: str, old: str) -> str:
    """`new` with a capital where `old` began a sentence with one."""
    starts = old[:1].isupper() and old[1:2].islower()
    return new[:1].upper() + new[1:] if starts else new
