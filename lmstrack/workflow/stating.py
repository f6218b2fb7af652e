"""Fields to have on record, notes, and the list of statements that none of them may lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.facts import SELECTORS
from lmstrack.records import KINDS, Person
from lmstrack.records.shape import shapes
from lmstrack.statements import FieldQuestion, Note, RecordedFields
from lmstrack.workflow.faults import nearest, where
from lmstrack.workflow.fields import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lmstrack.workflow.faults import Faults
    from lmstrack.workflow.ruled import Rulebook
    from lmstrack.workflow.shape import Shaped
    from lmstrack.workflow.stated import FieldsEntry, NoteEntry
    from lmstrack.workflow.written import OneOrMany

_PERSON = tuple(Person.model_fields)


class Stating:
    """Makes the sections of a file that no check judges, each name in them looked up."""

    def __init__(self, shaped: Shaped, book: Rulebook, faults: Faults) -> None:
        self._shaped = shaped
        self._book = book
        self._faults = faults
        self.fields = {name: self._fields(name, entry) for name, entry in shaped.file.fields.items()}
        self.notes = {name: self._note(name, entry) for name, entry in shaped.file.information.items()}
        self.statements = tuple(_numbered(shaped.file.statements))

    def _fields(self, name: str, entry: FieldsEntry) -> RecordedFields:
        place = ("fields", name)
        self._book.reasoned(entry, entry.asks, *place)
        kinds = {field.partition(".")[0] for field in entry.asks} & KINDS.keys()
        for field in entry.about:
            if not any(field in shapes(KINDS[kind]) for kind in kinds):
                said = f"fields {name}, about: nothing that is asked here has a field '{field}'"
                self._faults.add(said, *place, "about", field)
        selection = Selection(None, SELECTORS)
        selects: dict[str, frozenset[object]] = {}
        for fact, given in entry.selects.items():
            values, sentences = selection.read(fact, given)
            selects[fact] = frozenset(values)
            for sentence in sentences:
                self._faults.add(f"{where((*place, 'for'))}: {sentence}", *place, "for", fact)
        return RecordedFields(
            id=name,
            says=entry.says,
            source=self._book.cited(entry.source, *place),
            questions=tuple(
                self._question(field, question, name, entry.about) for field, question in entry.asks.items()
            ),
            asked=not entry.optional,
            selects=selects,
            chosen=dict(entry.chosen),
            covers=entry.covers,
            against=self._book.contrary(entry, *place),
        )

    def _question(self, field: str, question: str, name: str, about: Mapping[str, OneOrMany]) -> FieldQuestion:
        kind, _, held = field.partition(".")
        kinds = ("person", *KINDS)
        if kind not in kinds:
            said = f"fields {name}, asks: no kind of event is called '{kind}'{nearest(kind, kinds)}"
            self._faults.add(said, "fields", name, "asks", field)
        else:
            known = _PERSON if kind == "person" else tuple(shapes(KINDS[kind]))
            if held not in known:
                said = f"fields {name}, asks: {kind} has no field '{held}'{nearest(held, known)}"
                self._faults.add(said, "fields", name, "asks", field)
        return FieldQuestion.of(name, kind, held, question, self._about(name, kind, about))

    def _about(self, name: str, kind: str, given: Mapping[str, OneOrMany]) -> Mapping[str, frozenset[object]] | None:
        """The values that an event of this kind must have, None where nothing is said of any field of the kind."""
        held = shapes(KINDS[kind]) if kind in KINDS else {}
        found: dict[str, frozenset[object]] = {}
        for field, values in given.items():
            if field in held:
                read, sentences = Selection(kind, ()).read(field, values)
                found[field] = frozenset(read)
                for sentence in sentences:
                    self._faults.add(f"fields {name}, about: {sentence}", "fields", name, "about", field)
        return found or None

    def _note(self, name: str, entry: NoteEntry) -> Note:
        place = ("information", name)
        self._book.reasoned(entry, (), *place)
        known = (*KINDS, *self._book.rules)
        for other in entry.shown_with:
            if other not in known:
                said = f"information {name}, shown_with: there is no kind or rule '{other}'{nearest(other, known)}"
                self._faults.add(said, *place, "shown_with")
        return Note(
            id=name,
            says=entry.says,
            source=self._book.cited(entry.source, *place),
            shown_with=entry.shown_with,
            chosen=dict(entry.chosen),
            covers=entry.covers,
            against=self._book.contrary(entry, *place),
        )


def _numbered(families: Mapping[str, int]) -> Iterator[str]:
    for family, count in families.items():
        yield from (f"{family}-{number:02}" for number in range(1, count + 1))
