"""Mends the words of a question that nobody knows: "osteonecosis" -> "osteonecrosis".

A word that the corpus, the synonyms or everyday English knows stays as it is, and so does one that is
well formed and far from every word of the corpus, as the name of a medicine that it lacks. Better a
typo left than one term turned into another.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cached_property

from assistant.english import english_words
from assistant.index.lexical import words
from assistant.index.reader import Index
from assistant.index.texts import indexed_text
from assistant.synonyms import terms
from assistant.topics import ASKING, is_asking

# Shorter words are near too many others; up to SURE_UNTIL letters only swapped and doubled letters are
# believed, and from TWO_SLIPS on two slips in a word that sounds the same.
SHORTEST, SURE_UNTIL, TWO_SLIPS = 5, 6, 8
# Of two words equally near, the one that stands in so many times as many places is meant.
CLEARLY = 10
# Places that a word of synonyms.txt or of asking counts for when the corpus lacks it.
LISTED = 3
TOKEN = re.compile(r"[^\W\d_]+")
# Endings that make a word a well-formed term: nothing in them is a slip, for "arthrosis" is no
# "arthritis" and "rituximab" no "infliximab".
ENDINGS = re.compile(
    r"(?:itis|osis|oses|otic|itic|omas?|opath(?:y|ies)|[ae]mi[ac]|uria|algia|otom(?:y|ies)|ectom(?:y|ies)|"
    r"plast(?:y|ies)|scop(?:y|ies)|graph(?:y|ies)|lysis|plasia|malacia|peni[ac]|trophy|desis|genesis|mabs?|"
    r"nibs?|statins?|prazoles?|coxibs?|profens?|xabans?|parins?|sartans?|prils?|olols?|tides?|cillins?|"
    r"mycins?|floxacins?|azoles?|dronates?|dronic|cepts?|caines?|sones?|solones?|gliptins?|formins?|fenacs?|"
    r"xicams?|thiazides?|dipines?|yl|ols?)$"
)
# Beginnings that turn a word into its opposite or neighbour: never exchanged for one another.
BEGINNINGS = re.compile(
    r"^(?:hyper|hypo|inter|intra|endo|exo|ecto|ab|ad|pre|post|pro|peri|para|sub|supra|super|infra|anti|ante|"
    r"iso|macro|micro|mono|poly|uni|bi|non|un|in|im|dis|de|re|mis|over|under|osteo|chondro|neuro|nephro)"
)
# Terms of their own that are one slip from another and in no list of English words.
NEIGHBOURS = re.compile(
    r"apert|aspartate|chorionic|clon(?:ic|us)|diastrophic|dural|dysmorphic|ectopia|heterotopia|heterotypic|"
    r"ile(?:um|al)|nephrogenic|osteoclast(?:s|ic)?|osteopetro(?:sis|tic)|paget|perine(?:al|um)|periauricular|"
    r"spina|thrombolytic|valgum|varum"
)
# Consonants that sound or lie alike; any other exchange of one makes another word.
ALIKE = "ck cs cz cx sz sx kx dt bp bv fv gj gq mn lr nh bn gh fg jk kl sd df er rt ty qw"
VOWELS = "aeiouy"


class Spelling:
    """Of one index; `is_common` tells everyday words. Safe to share between threads."""

    def __init__(self, index: Index, is_common: Callable[[str], bool]) -> None:
        self._index = index
        self._is_common = is_common

    def mended(self, question: str) -> str:
        """The question with its mistyped words put right; most questions come back unchanged."""
        tokens = [(m[0], m.start(), m.end()) for m in TOKEN.finditer(question)]
        shouted = question.isupper()
        parts, end_of_last = [], 0
        place = 0
        while place < len(tokens):
            word, start, end = tokens[place]
            following = tokens[place + 1] if place + 1 < len(tokens) else None
            other = None
            if following and question[end : following[1]] in (" ", "-"):
                other = self._joined(word, following[0])
                if other:
                    end = following[2]
                    place += 1
            if other is None and self._may_be_mistyped(question, start, end, shouted):
                other = self._other(word.lower())
            if other:
                parts += [question[end_of_last:start], _cased(other, word)]
                end_of_last = end
            place += 1
        return "".join([*parts, question[end_of_last:]])

    def _may_be_mistyped(self, question: str, start: int, end: int, shouted: bool) -> bool:
        word = question[start:end]
        written_as = question[:start].rpartition(" ")[2] + question[start:].partition(" ")[0]
        if len(word) < SHORTEST or re.search(r"[\d_@/]|\.\w", written_as):
            return False  # an address, a formula
        if not word.isascii() or (not shouted and not word[1:].islower()):
            return False
        # A capital inside a sentence makes a name.
        opens = re.search(r"(?:^|[.?!:]\s)\W*$", question[:start]) is not None
        if word[0].isupper() and not opens and not shouted:
            return False
        return not self._known(word.lower())

    def _known(self, word: str) -> bool:
        return (
            is_asking(word)
            or self._is_common(word)
            or self._index.lexical.knows(word)
            or word in self._listed
            or NEIGHBOURS.fullmatch(word) is not None
            or word in english_words()
        )

    def _joined(self, left: str, right: str) -> str | None:
        """The word that two pieces make when one of them is none: "osteo necrosis"."""
        whole = left + right
        if len(whole) < TWO_SLIPS or not whole.islower():
            return None
        rarer = min(self._passages(left), self._passages(right))
        if self._passages(whole) < CLEARLY * max(1, rarer):
            return None
        return None if all(map(self._everyday, (left, right))) else whole

    def _passages(self, word: str) -> int:
        """How many passages hold a word in any of its forms."""
        return max(map(self._index.lexical.document_frequency, words(word)), default=0)

    def _everyday(self, word: str) -> bool:
        return is_asking(word) or self._is_common(word) or word in english_words()

    def _other(self, word: str) -> str | None:
        """What an unknown word was meant to be; None where that is not clear."""
        return self._near(word) or self._split(word)

    def _near(self, word: str) -> str | None:
        slips = 2 if len(word) >= TWO_SLIPS else 1
        found = self._within(word, self._by_initial[word[0]], slips)
        if not found and len(word) >= TWO_SLIPS:  # the first letter itself may be the slip
            found = self._within(word, list(self._places), 1)
        if not found:
            return None
        nearest = min(found.values())
        rivals: Counter[str] = Counter()
        forms: dict[str, list[str]] = defaultdict(list)
        for other, distance in found.items():
            if distance == nearest:
                stem = " ".join(words(other))
                rivals[stem] += self._places[other]
                forms[stem].append(other)
        ranked = rivals.most_common(2)
        if len(ranked) > 1 and ranked[0][1] < CLEARLY * ranked[1][1]:
            return None
        return max(forms[ranked[0][0]], key=lambda other: (self._places[other], other))

    def _within(self, word: str, others: list[str], slips: int) -> dict[str, int]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = process.extract(word, others, scorer=OSA.distance, score_cutoff=slips, limit=None)
        return {other: int(d) for other, d, _ in near if _believable(word, other, int(d))}

    def _split(self, word: str) -> str | None:
        """Two words of the corpus that were typed as one: "hipreplacement"."""
        places = self._places
        cuts = [
            (min(places[word[:cut]], places[word[cut:]]), f"{word[:cut]} {word[cut:]}")
            for cut in range(3, len(word) - 2)
            if len(word) >= TWO_SLIPS
        ]
        best = max(cuts, default=(0, ""))
        return best[1] if best[0] >= CLEARLY else None

    @cached_property
    def _places(self) -> Counter[str]:
        """How often each word stands in the corpus; made when the first unknown word is asked."""
        counts: Counter[str] = Counter()
        for passage in self._index.passages:
            metadata = self._index.documents[passage.document_id]
            counts.update(TOKEN.findall(indexed_text(passage, metadata).lower()))
        for word in self._listed | {word for word in ASKING if len(word) >= SHORTEST}:
            counts[word] = max(counts[word], LISTED)
        return Counter({word: count for word, count in counts.items() if word.isascii()})

    @cached_property
    def _by_initial(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._places:
            if len(word) >= SHORTEST - 1:
                found[word[0]].append(word)
        return found

    @cached_property
    def _listed(self) -> frozenset[str]:
        """The words of synonyms.txt."""
        return frozenset(word for term in terms() for word in TOKEN.findall(term.lower()))


def _believable(typed: str, meant: str, slips: int) -> bool:
    """Whether a typed word may be a slip for another, rather than a word of its own."""
    one, other = BEGINNINGS.match(typed), BEGINNINGS.match(meant)
    if one and other and one[0] != other[0] and typed[len(one[0]) :] == meant[len(other[0]) :]:
        return False
    ending = ENDINGS.search(typed)
    if ending and not meant.endswith(ending[0]):
        return False
    if slips > 1:
        inflected = typed[:-2] == meant[: len(typed) - 2]  # "abductor" is no "abduction"
        return not inflected and typed[0] == meant[0] and _sound(typed) == _sound(meant)
    if sorted(typed) == sorted(meant) or _undoubled(typed) == _undoubled(meant):
        return True
    if len(typed) <= SURE_UNTIL:
        return False
    if len(typed) != len(meant):
        return True
    one_letter, other_letter = next(
        pair for pair in zip(typed, meant, strict=True) if len(set(pair)) > 1
    )
    if one_letter in VOWELS and other_letter in VOWELS:
        return True
    return one_letter + other_letter in ALIKE or other_letter + one_letter in ALIKE


def _sound(word: str) -> str:
    """Consonants as they sound, doubled ones once: what is left of a word written by ear."""
    consonants = re.sub(f"[{VOWELS}]", "", word.replace("ph", "f"))
    return _undoubled(consonants.translate(str.maketrans("kqz", "ccs")))


def _undoubled(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


def _cased(word: str, like: str) -> str:
    if like.isupper():
        return word.upper()
    return word.capitalize() if like[0].isupper() else word
