"""A model's words -> plain text: no links, no images, no markup, no thinking aloud.

What is taken out is gone, not escaped: an address in an answer is never the model's.
"""

from __future__ import annotations

import html
import re
import unicodedata

# Some models think aloud before they answer, in these brackets.
THINKING = re.compile(
    r"<(think|thinking|thought|reasoning|reflection)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE
)
IMAGE = re.compile(r"!\[[^\]\n]*\]\s*(?:\([^)\n]*\)?|\[[^\]\n]*\])?")
LINK = re.compile(r"\[([^\]\n]*)\]\s*\([^)\n]*\)?")
DEFINITION = re.compile(r"^[ \t]*\[[^\]\n]+\]:[ \t]*\S.*$", re.MULTILINE)
TAG = re.compile(r"</?[a-zA-Z!?][^<>\n]*>?|<!--.*?(?:-->|\Z)", re.DOTALL)
FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE)
ADDRESS = re.compile(
    r"""\b(?:[a-z][a-z0-9+.-]{1,20}:(?://|\\\\)|(?:javascript|data|mailto|tel|file|blob|vbscript|sms):(?=\S))\S*|
    (?<![\w@])//[\w-]+\.[^\s]+|\bwww\d?\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|
    (?<![\w.])(?:[a-z0-9](?:[\w-]*)\.)+(?:com|org|net|info|biz|io|ai|app|dev|co|uk|eu|de|ru|cn|xyz|top|site|
    online|shop|click|link|me|tv|gov|edu|test|example|invalid|localhost|onion)\b(?::\d+)?(?:[/?\#]\S*)?|
    \b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/\S*)?|\[\.\]|\bhxxps?\S*""",
    re.IGNORECASE | re.VERBOSE,
)
MARKUP = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+•][ \t]+|\d{1,2}[.)][ \t]+|\|)|[*`|]+|~~+|__+", re.M
)
INVISIBLE = ("Cc", "Cf", "Co", "Cs", "Cn")
ROUNDS = 4


def plain(text: str) -> str:
    """The text without links, images, HTML, Markdown and invisible characters; its lines are kept.

    Repeated until nothing changes, so that nothing is put together by what was taken out.
    """
    for _ in range(ROUNDS):
        before, text = text, _once(text)
        if text == before:
            return text
    return text.translate(str.maketrans("", "", "<>[](){}:/"))  # a text made to unfold without end


def _once(text: str) -> str:
    text = THINKING.sub(" ", html.unescape(text))
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in INVISIBLE)
    text = DEFINITION.sub("", FENCE.sub("", text))
    text = LINK.sub(_words_of_link, IMAGE.sub("", text))
    text = ADDRESS.sub("", TAG.sub("", text))
    text = MARKUP.sub("", text)
    text = re.sub(r"\(\s*\)|<\s*>|\{\s*\}", "", text)
    return re.sub(r"[ \t\xa0]+", " ", re.sub(r"[ \t\xa0]+([.,;:?!])", r"\1", text))


def _words_of_link(link: re.Match[str]) -> str:
    """What a link shows; a number stays the number of a citation."""
    return f"[{link[1]}]" if re.fullmatch(r"\s*\d+\s*", link[1]) else link[1]
