"""What a text says under a disguise: letters that only look right, codes, ciphers, hidden characters.

In goes a text, out come its readings, plain to read. This module does not know what is looked for.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator

# Letters of other scripts that look like Latin ones, and figures that are read as letters.
LOOKALIKES = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455\u0501\u04bb"
    "\u04cf\u0261\u0131\u03bf\u03b1\u03b9\u03bd\u03c1\u03c5\u03c7",
    "abekmhopctyxijsdhlgioaivpux",
)
FIGURES = str.maketrans("0134578@$!", "oieasbbasi")
# Forms that hide text; nobody writes notes like this.
HIDDEN = re.compile(
    r"[\U000e0000-\U000e007f]|[\u202a-\u202e\u2066-\u2069]|(?:\w[\u200b-\u200f\u2060-\u2064\ufeff]+){3}|"
    r"(?:[.\-–—·]{1,6}[ /]+){8}|(?:\b[01]{8}\b[ ,]*){5}|(?:&#x?[0-9a-f]+;){5}|(?:\\u[0-9a-f]{4}){5}",
    re.IGNORECASE,
)
SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][ .·*_\-|/]{1,2}){7,}[^\W\d_](?!\w)")
BLOB = re.compile(r"(?<![\w+/])[A-Za-z0-9+/_-]{16,}={0,2}")
HEX = re.compile(r"(?:\b(?:0x|\\x)?[0-9a-fA-F]{2}[ :,\\x]*){10,}|\b(?:[0-9a-fA-F]{2}){10,}\b")
CODES = re.compile(r"(?:\b\d{2,3}\b[ ,;]*){10,}")
PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){3,}")


def is_hidden(text: str) -> bool:
    """True for characters that nobody sees, for letters taken apart, and for codes that are words."""
    if HIDDEN.search(text) or SPACED.search(folded(text)) or PERCENT.search(text):
        return True
    return any(map(_is_words, _decoded(text)))


def readings(text: str) -> Iterator[str]:
    """The folded text as a reader takes it, then with one disguise of its letters undone each."""
    visible = "".join(c for c in html.unescape(text) if unicodedata.category(c) != "Cf")
    plain = folded(visible)
    yield plain
    lookalike = folded(visible.translate(LOOKALIKES))
    if lookalike != plain:
        yield lookalike
    if re.search(r"[a-z][0134578@$!]|[0134578@$!][a-z]", plain):
        yield re.sub(r"\S*[a-z]\S*", lambda m: m[0].translate(FIGURES), plain)
    if re.search(r"(?:\w+[_*~.\-]){4,}\w", plain):
        yield re.sub(r"(?<=\w)[_*~.\-]+(?=\w)", " ", plain)


def deciphered(text: str) -> Iterator[str]:
    """The folded text written backwards, and with its letters moved by half an alphabet."""
    plain = folded(text)
    yield plain[::-1]
    yield codecs.encode(plain, "rot13")


def folded(text: str) -> str:
    """Small letters without accents, in their usual width; spaces folded, lines kept."""
    spread = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in spread if not unicodedata.combining(c)).casefold()
    return re.sub(r"[ \t\xa0]+", " ", plain)


def _decoded(text: str) -> Iterator[bytes]:
    for match in BLOB.finditer(text):
        yield _from_base64(match[0])
    for match in HEX.finditer(text):
        digits = re.sub(r"0x|\\x|[^0-9a-fA-F]", "", match[0])
        yield bytes.fromhex(digits[: len(digits) // 2 * 2])
    for match in CODES.finditer(text):
        codes = [int(code) for code in re.findall(r"\d+", match[0])]
        if max(codes) < 128:
            yield bytes(codes)


def _from_base64(blob: str) -> bytes:
    padded = blob.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4))
    except (binascii.Error, ValueError):
        return b""


def _is_words(data: bytes) -> bool:
    """True for bytes that are a text of several words."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    plain = sum(c.isalpha() or c in " .,:;!?'\"-()[]/" for c in text)
    return (
        len(text) >= 10 and plain >= 0.85 * len(text) and (" " in text or "ignore" in text.lower())
    )
