"""YAML text -> plain values, or the reason why not: no alias, no key twice, no more than can be read soon.

Front matter, the files beside others, topics and judgements are all read here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from assistant.sources.problem import SourceProblem
from assistant.sources.text import read_text

# PyYAML reads about 100,000 characters a second; the longest file of the hip corpus has 116,000.
MAX_CHARACTERS = 500_000
# Python refuses to print integers of more than 4,300 digits, which a hexadecimal one may have.
MAX_DIGITS = 100


class _Refused(yaml.YAMLError):
    """What YAML allows and a corpus does not."""


class _Loader(yaml.SafeLoader):
    """A key stands once, which YAML asks and the library does not enforce, and nothing is an alias.

    A few hundred bytes of aliases to aliases would unfold to gigabytes.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise _Refused("has an alias (*name), which is not followed; write the value out")
        return super().compose_node(parent, index)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
    for key, count in keys.most_common(1):
        if count > 1:
            raise _Refused(f"has the key {key!r} twice")
    return loader.construct_mapping(node, deep=True)


def _integer(loader: _Loader, node: yaml.ScalarNode) -> int:
    if len(node.value) > MAX_DIGITS:
        raise _Refused(f"has a number of more than {MAX_DIGITS} digits")
    return loader.construct_yaml_int(node)


_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml_file(path: Path) -> Any:
    """The value of a YAML file. Raises SourceProblem, which names the file."""
    try:
        text = read_text(path)
    except SourceProblem as problem:
        raise SourceProblem(f"{path.name} {problem}") from None
    return read_yaml(text, path.name)


def read_yaml(text: str, name: str, first_line: int = 1) -> Any:
    """The value of a YAML document called `name`, whose text begins at a line of its file.

    Raises SourceProblem.
    """
    if len(text) > MAX_CHARACTERS:
        raise SourceProblem(
            f"{name} has more than {MAX_CHARACTERS:,} characters, the most that is read"
        )
    try:
        return yaml.load(text, Loader=_Loader)  # a subclass of SafeLoader
    except _Refused as refused:
        raise SourceProblem(f"{name} {refused}") from None
    except RecursionError:
        raise SourceProblem(f"{name} is nested too deep") from None
    except Exception as error:  # constructors raise many kinds: KeyError for `!!bool x`, for one
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + first_line})" if mark else ""
        raise SourceProblem(f"{name} is not YAML{where}") from None
