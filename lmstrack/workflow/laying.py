"""A site's overlay laid over a released workflow: what may not be is told, what may is put in its place."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from lmstrack.workflow.changeable import ABSENT, held_at, not_yours, place_of, value_of
from lmstrack.workflow.faults import echoed, nearest
from lmstrack.workflow.loosening import loosened
from lmstrack.workflow.overlay import Change, Overlay
from lmstrack.workflow.overlay_file import ChangeEntry, OverlayFile, OverlayHeader
from lmstrack.workflow.scheduled import EventEntry
from lmstrack.workflow.shape import model_at, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lmstrack.workflow.faults import Faults, Place
    from lmstrack.workflow.model import WorkflowFile
    from lmstrack.workflow.reader import Plain

_OF_PHASES: Final = ("every", "until", "once", "nominal")


class OverlayText:
    """An overlay file as it was written: what has the shape of one, and the line of each change.

    *header* is None where it cannot be used; *over* is the workflow below, None where it is not named. *changes* are
    those that can be used, by their number in the file.
    """

    def __init__(self, data: dict[str, Plain], faults: Faults) -> None:
        self.lines = faults.lines
        wrong: set[Place] = set()
        try:
            OverlayFile.model_validate(data)
        except ValidationError as error:
            wrong = {
                place[:2] if place[:1] == ("changes",) else place[:1] for place, _ in told(error, faults, OverlayFile)
            }
        self.header = None if ("overlay",) in wrong else OverlayHeader.model_validate(data["overlay"])
        over = held_at(data["overlay"], "over")
        self.over = over if isinstance(over, str) else None
        listed = data.get("changes")
        self.changes = {
            number: ChangeEntry.model_validate(each)
            for number, each in enumerate(listed if isinstance(listed, list) else ())
            if ("changes", number) not in wrong
        }
        if self.header is not None:
            self._judge_header(self.header, faults)

    def _judge_header(self, header: OverlayHeader, faults: Faults) -> None:
        wanted = f"{header.over}-{header.version}"
        if header.name != wanted:
            said = f"overlay: the name is that of the workflow below, a dash and the version, {wanted}."
            faults.add(said, "overlay", "name")
        if (header.signed_by is None) is not (header.signed_on is None):
            said = "overlay: signed_by and signed_on stand together, or not at all as long as it is a draft."
            faults.add(said, "overlay", "signed_by" if header.signed_on is None else "signed_on")

    def line(self, number: int, *inside: str) -> int:
        """The line of a change."""
        return self.lines.get(("changes", number, *inside), 0)


class Laid:
    """The *data* of a released workflow with the changes of a site in it; a change that may not be is left out.

    What is wrong is told in *faults*, which from then on tells the lines of the site's file.
    """

    def __init__(self, text: OverlayText, below: dict[str, Plain], faults: Faults) -> None:
        self._text = text
        self._below = below
        self._faults = faults
        self._site = text.header.site if text.header is not None else ""
        self._reasons: dict[Place, str] = {}
        self.data = deepcopy(below)
        self.changes: dict[int, Change] = {}
        for number, entry in text.changes.items():
            self._take(number, entry)
        for place, reason in self._reasons.items():
            _put(self.data, place, reason)
        faults.lines = self._lines()

    def overlay(self, header: OverlayHeader) -> Overlay:
        """What was changed, and who signed it."""
        changes = tuple(self.changes.values())
        return Overlay(header.over, header.site, header.about, header.signed_by, header.signed_on, changes)

    def judge(self, below: WorkflowFile, with_changes: WorkflowFile) -> None:
        """Want every change to change something, however the value is written."""
        for number, change in self.changes.items():
            value = value_of(with_changes, change.place)
            if value is not ABSENT and value == value_of(below, change.place):
                said = f"{change.at} is {change.before} already, so this changes nothing."
                self._faults.at_line(self._text.line(number, "to"), said)

    def _take(self, number: int, entry: ChangeEntry) -> None:
        place = place_of(entry.at, self._below)
        if isinstance(place, str):
            self._tell(number, place)
            return
        refused = not_yours(place, entry.at) or self._twice(place, entry.at)
        if refused is not None:
            self._tell(number, refused)
            return
        before = _held(self._below, place)
        loose = loosened(self._below, place, entry.to)
        if loose is not None and entry.signed_by is None:
            self._tell(
                number, f"{entry.at}: {loose}, so signed_by of this change must name the clinician who answers for it."
            )
        _put(self.data, place, deepcopy(entry.to))
        self._give_reason(place, f"{self._site}: {entry.because}")
        self.changes[number] = Change(
            entry.at, place, in_words(before), in_words(entry.to), entry.because, entry.signed_by
        )

    def _tell(self, number: int, sentence: str) -> None:
        self._faults.at_line(self._text.line(number, "at"), sentence)

    def _twice(self, place: Place, path: str) -> str | None:
        for number, change in self.changes.items():
            shorter = min(len(change.place), len(place))
            if change.place[:shorter] == place[:shorter]:
                return f"{path} is changed in line {self._text.line(number, 'at')} already."
        return None

    def _give_reason(self, place: Place, reason: str) -> None:
        """Put the site's reason where the workflow gives its own for what stands there."""
        owner, inside = _owner(place)
        if place[0] == "gaps":
            at: Place = (*owner, "why")
        else:
            at = (*owner, "chosen", _chosen_as(inside))
            if inside == ("phases",):  # none of the old ones is left that a reason could be for
                for name in _OF_PHASES:
                    chosen = _held(self.data, (*owner, "chosen"))
                    if isinstance(chosen, dict):
                        chosen.pop(name, None)
        given = self._reasons.get(at)
        self._reasons[at] = reason if given is None else f"{given}; {reason}"

    def _lines(self) -> dict[Place, int]:
        """The line of each place: that of the change that it belongs to, or nought where nothing was changed."""
        lines = dict.fromkeys(_places(self.data, ()), 0)
        for number, change in self.changes.items():
            to = ("changes", number, "to")
            for place, line in self._text.lines.items():
                if place[:3] == to:
                    lines[(*change.place, *place[3:])] = line
            for length in range(1, len(change.place)):
                above = change.place[:length]
                lines[above] = lines.get(above) or self._text.line(number, "at")
        return lines


def in_words(value: Any) -> str:
    """A value as it stands in a file, in words.

    >>> in_words([{"every": "6 months", "until": "5 years"}, {"every": "1 year"}])
    'every 6 months, until 5 years; every 1 year'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return ", ".join(f"{name} {in_words(each)}" for name, each in value.items()) or "nothing"
    if isinstance(value, list | tuple):
        between = "; " if any(isinstance(each, dict) for each in value) else ", "
        return between.join(map(in_words, value)) or "none"
    return "nothing" if value is None else str(value)


def unknown_base(over: str, released: tuple[str, ...]) -> str:
    """The sentence about a workflow that cannot be laid over, since nobody released it."""
    return f"overlay, over: {echoed(over)} is not released here{nearest(over, released)}"


def _owner(place: Place) -> tuple[Place, Place]:
    """The entry whose reasons stand together, and the rest of the place, inside it."""
    length = {"settings": 1, "plans": 4}.get(str(place[0]), 2)
    return place[:length], place[length:]


def _chosen_as(inside: Place) -> str:
    """The name by which an entry gives the reason for what stands at this place of it."""
    last = str(inside[-1])
    if inside[0] == "with" or (
        inside[0] == "done_by" and "never" not in inside and last not in EventEntry.model_fields
    ):
        return last
    return str(inside[0])


def _held(data: dict[str, Plain], place: Place) -> Any:
    """What stands at a place, or what the workflow takes where nothing does."""
    here: Plain = data
    for step in place:
        here = held_at(here, step)
    if here is None:
        info = model_at(place)[1]
        return None if info is None or info.is_required() else info.get_default(call_default_factory=True)
    return here


def _put(data: Any, place: Place, value: Any) -> None:
    for step in place[:-1]:
        data = data.setdefault(step, {}) if isinstance(data, dict) else data[step]
    data[place[-1]] = value


def _places(value: Plain, place: Place) -> Iterator[Place]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inside:
        yield (*place, step)
        yield from _places(each, (*place, step))
