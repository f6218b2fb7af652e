"""YAML as a clinician may write it: plain values, each at a known line, and nothing that runs or hides.

This is YAML 1.2 with its core values only. Anchors, aliases and tags are refused: a reader should find what a
rule says where the rule stands. The tree is built from the parser's own events: no other object comes out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from lmstrack.errors import InvalidData
from lmstrack.workflow.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ruamel.yaml.events import Event

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

LARGEST_BYTES = 1024 * 1024
DEEPEST = 20  # a workflow needs eight; a file that goes on nesting is not one
_LONGEST_NUMBER = 18

_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)


def read_yaml(file: Path) -> Any:
    """What a YAML file of this plain kind holds: text, numbers, true and false, lists and mappings of them.

    Dates stay text. Raises InvalidData with everything that is wrong in the file.
    """
    faults = Faults()
    root = read_tree(file.read_bytes(), faults)
    if len(faults):
        raise InvalidData(f"Read {file.name}", faults.sentences())
    return root


def read(content: bytes, faults: Faults) -> dict[str, Plain]:
    """The file's top-level mapping; empty, with the reason in *faults*, where the content holds none."""
    root = read_tree(content, faults)
    if isinstance(root, dict):
        return root
    if not len(faults):
        faults.add("The file must hold the sections of a workflow, each as a name followed by a colon.")
    return {}


def read_tree(content: bytes, faults: Faults) -> Plain:
    """Everything that stands in *content*; None, with the reason in *faults*, where it cannot be read.

    Line numbers of every entry are left in *faults*, which then needs only an entry's place to name its line.
    """
    text = _text(content, faults)
    if text is None:
        return None
    tree = _Tree(faults)
    try:
        for event in _events(text):
            if not tree.grow(event):
                return None
    except YAMLError as error:
        _not_yaml(error, faults)
        return None
    except (ValueError, RecursionError, ArithmeticError):
        # What the parser does with an escape or a character that cannot exist is not part of its promise.
        faults.add("The file cannot be read as YAML.")
        return None
    return tree.root


def _text(content: bytes, faults: Faults) -> str | None:
    if len(content) > LARGEST_BYTES:
        faults.add(f"The file is larger than {LARGEST_BYTES // 1024} KiB, which no workflow is.")
        return None
    if b"\x00" in content:
        faults.add("This is not a text file.")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.at_line(line, "The text is not UTF-8; save the file with that encoding.")
        return None
    if not text.strip():
        faults.add("The file is empty.")
        return None
    return text


def _events(text: str) -> Iterator[Event]:
    yield from YAML(typ="safe", pure=True).parse(text)  # the C parser reads YAML 1.1, where NO is false


def _not_yaml(error: YAMLError, faults: Faults) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = " ".join(str(getattr(error, "problem", None) or "it cannot be read").split())
    sentence = f"This is not YAML: {problem}."
    if mark is None:
        faults.add(sentence)
    else:
        faults.at_line(mark.line + 1, sentence)


@dataclass(slots=True)
class _Open:
    """A list or mapping that is still being read; *key* is the entry whose value comes next."""

    holds: list[Plain] | dict[str, Plain]
    place: tuple[str | int, ...]
    key: str | None = None
    seen: dict[str, int] = field(default_factory=dict)


class _Tree:
    """Plain data, grown event by event."""

    def __init__(self, faults: Faults) -> None:
        self.root: Plain = None
        self._faults = faults
        self._open: list[_Open] = []
        self._documents = 0

    def grow(self, event: Event) -> bool:
        """Take one more event in; False where the rest of the file is not worth reading."""
        if isinstance(event, DocumentStartEvent):
            return self._begin(event)
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            self._faults.at_line(line, f"The alias *{event.anchor} is not allowed; write out what it stands for.")
            self._put(None, line)
        elif isinstance(event, ScalarEvent):
            self._refuse_decoration(event, line)
            self._put(event, line)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._refuse_decoration(event, line)
            return self._push({} if isinstance(event, MappingStartEvent) else [], line)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._open.pop()
        return True

    def _begin(self, event: DocumentStartEvent) -> bool:
        self._documents += 1
        line = event.start_mark.line + 1
        if self._documents > 1:
            self._faults.at_line(line, "A second document begins here; a file holds one workflow.")
            return False
        if event.version not in (None, (1, 2)) or event.tags:
            self._faults.at_line(line, "The file must be plain YAML 1.2, without directives.")
        return True

    def _refuse_decoration(self, event: NodeEvent, line: int) -> None:
        if event.anchor is not None:
            said = f"The anchor &{event.anchor} is not allowed; nothing may stand for something else."
            self._faults.at_line(line, said)
        tag = getattr(event, "ctag", None)
        if tag is not None and str(tag) != "!":
            self._faults.at_line(line, f"The tag {tag} is not allowed; a value is text, a number, true or false.")

    def _push(self, holder: list[Plain] | dict[str, Plain], line: int) -> bool:
        if len(self._open) >= DEEPEST:
            self._faults.at_line(line, f"Lists and mappings stand more than {DEEPEST} deep in each other here.")
            return False
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.holds, dict) and top.key is None:
            self._faults.at_line(line, "A list or mapping cannot be the name of an entry.")
            return False
        self._open.append(_Open(holder, self._attach(holder, line)))
        return True

    def _put(self, scalar: ScalarEvent | None, line: int) -> None:
        top = self._open[-1] if self._open else None
        if top is None or isinstance(top.holds, list) or top.key is not None:
            self._attach(None if scalar is None else self._value(scalar, line), line)
            return
        key = "" if scalar is None else self._encodable(scalar.value, line)
        if key in top.seen:
            said = f"'{key}' already stands in line {top.seen[key]}; the same name may not stand twice."
            self._faults.at_line(line, said)
        top.seen.setdefault(key, line)
        top.key = key

    def _attach(self, value: Plain, line: int) -> tuple[str | int, ...]:
        """Hang a value into what is open, and remember its line: an entry's is that of its name."""
        if not self._open:
            self.root = value
            return ()
        top = self._open[-1]
        if isinstance(top.holds, list):
            place: tuple[str | int, ...] = (*top.place, len(top.holds))
            top.holds.append(value)
        else:
            name = top.key or ""
            place = (*top.place, name)
            line = top.seen[name]
            top.holds[name] = value
            top.key = None
        self._faults.lines[place] = line
        return place

    def _value(self, scalar: ScalarEvent, line: int) -> Plain:
        text = self._encodable(scalar.value, line)
        if not scalar.implicit[0]:
            return text  # quoted, so it is text whatever it looks like
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _DECIMAL.fullmatch(text) is None:
            return text
        if len(text) > _LONGEST_NUMBER:
            self._faults.at_line(line, f"The number {text[:_LONGEST_NUMBER]}… is too long.")
            return 0
        if _INTEGER.fullmatch(text):
            return int(text)
        number = float(text)
        if not isfinite(number):
            self._faults.at_line(line, f"The number {text} is too large.")
        return number

    def _encodable(self, text: str, line: int) -> str:
        try:
            text.encode()
        except UnicodeEncodeError:  # an escape such as "\ud800" makes half a character
            self._faults.at_line(line, "The text holds an escape that is no character.")
            return text.encode(errors="replace").decode()
        return text
