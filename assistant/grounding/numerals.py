"""Numbers as written and in words -> values: "1,234.5", "0·5", "-0.38", "twenty-two", "one hundred eight"."""

from __future__ import annotations

import re

_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: float(value) for value, word in enumerate(_UNITS)} | {
    word: 10.0 * value for value, word in enumerate(_TENS, start=2)
}
_SCALES = {"hundred": 100.0, "thousand": 1000.0, "million": 1e6}
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
_TIMES = {"": 1, "a ": 1, "an ": 1} | {
    f"{word} ": n for n, word in enumerate(_UNITS) if 2 <= n <= 9
}
FRACTIONS = {
    times + name + plural: count / parts
    for times, count in _TIMES.items()
    for name, parts in _PARTS.items()
    for plural in ("", "s")
}
DOZENS = {"half a dozen": 6.0, "a dozen": 12.0, "dozen": 12.0, "two dozen": 24.0}

_WORD = "|".join([*_VALUES, *_SCALES])
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_UNITS[1:10])}))?|(?:{'|'.join(_UNITS)}))"
_HUNDREDS = rf"(?:(?:{_SMALL} )?hundred(?:,? (?:and )?{_SMALL})?|{_SMALL})"
_WORDS = rf"\b(?:{_HUNDREDS} (?:thousand|million)(?:,? (?:and )?{_HUNDREDS})?|{_HUNDREDS}|thousand|million)\b"
_DIGITS = r"(?<![\w.,·])(?:(?<=[\s(])[-−]|(?<=^)[-−])?(?>\d+(?:[.,·]\d+)*)(?: million| thousand)?(?![^\W\d_])"
# Not inside names (CD73, 25-hydroxyvitamin, L5-S1), but before a unit ("30-year-old").
NUMERAL = rf"(?:{_DIGITS}|(?<![\w.])\.\d+|{_WORDS})"
# In front of "fold", written apart or not.
FOLD = rf"(?:{_DIGITS}(?=[- ]?fold)|\b(?:{_WORD})(?=[- ]?fold))"


def value_of(numeral: str) -> float:
    """Raises ValueError for what is no number."""
    text = numeral.strip().lower().replace("−", "-")
    scale = 1.0
    for word, factor in (("million", 1e6), ("thousand", 1e3)):
        if text.endswith(f" {word}") and re.search(r"\d", text):
            text, scale = text.removesuffix(f" {word}"), factor
    if re.search(r"\d", text):
        return _digits(text) * scale
    total = part = 0.0
    for word in re.findall(r"[a-z]+", text):
        if word in _VALUES:
            part += _VALUES[word]
        elif word == "hundred":
            part = max(part, 1.0) * 100
        elif word in _SCALES:
            total, part = total + max(part, 1.0) * _SCALES[word], 0.0
    return total + part


def decimals_of(numeral: str) -> int:
    """Digits behind the point."""
    text = numeral.replace("·", ".")
    return len(text.rpartition(".")[2]) if "." in text else 0


def _digits(text: str) -> float:
    text = text.replace("·", ".")
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    if re.fullmatch(r"-?\d+,\d+", text):  # a decimal comma
        return float(text.replace(",", "."))
    digits = text.replace(",", "")
    return float(digits) if digits.count(".") <= 1 else float(digits.split(".", 1)[0])
