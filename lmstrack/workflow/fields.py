"""What a workflow file may select by: fields of a recorded event, and facts of the case."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import TypeAdapter, ValidationError

from lmstrack.facts import SELECTORS
from lmstrack.records import KINDS, Pathology, Referral, Staging
from lmstrack.records.shape import shapes
from lmstrack.workflow.faults import echoed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lmstrack.records.base import Shape

PLAN_FACTS = ("disease", "site_group", "schedule_grade")
NEVER_UNKNOWN = frozenset({"disease", "first_after_emergency", "histology_reported"})

FACT_VALUES: Mapping[str, tuple[object, ...]] = {
    "disease": ("localised", "metastatic"),
    "first_after_emergency": (True, False),
    "histology_reported": (True, False),
    "m": shapes(Staging)["m"].values,
    "route": shapes(Referral)["route"].values,
    "schedule_grade": shapes(Pathology)["grade"].values,
    "site_group": shapes(Referral)["site_group"].values,
}


class Selection:
    """The fields of one kind of record, and facts of a case, whose values a workflow may name.

    *kind* is None where no event is looked at, only facts. *model* is what has the fields where that is no record.
    """

    def __init__(self, kind: str | None, facts: Iterable[str], model: type[Shape] | None = None) -> None:
        self._kind = kind
        self._model = KINDS[kind] if model is None and kind is not None else model
        self._shapes = shapes(self._model) if self._model is not None else {}
        self._facts = tuple(name for name in facts if name in SELECTORS)

    def read(self, name: str, given: Iterable[object]) -> tuple[tuple[object, ...], tuple[str, ...]]:
        """The values as records hold them, and a sentence for each that cannot be."""
        values: list[object] = []
        sentences: list[str] = []
        for value, sentence in self._each(name, tuple(given)):
            if sentence is None:
                values.append(value)
            else:
                sentences.append(sentence)
        return tuple(values), tuple(sentences)

    def _each(self, name: str, given: tuple[object, ...]) -> Iterator[tuple[object, str | None]]:
        if name in self._facts:
            allowed = FACT_VALUES[name]
            yield from ((_among(value, allowed), _not_among(value, allowed, name)) for value in given)
        elif self._model is not None and name in self._shapes:
            yield from self._of_field(self._model, name, given)
        elif self._kind is None:
            yield (
                None,
                f"'{name}' is no fact of a case that can be chosen by here{nearest(name, self._facts)}",
            )
        else:
            known = (*self._shapes, *self._facts)
            otherwise = ", and no fact has that name" if self._facts else ""
            yield None, f"{self._kind} has no field '{name}'{otherwise}{nearest(name, known)}"

    def _of_field(
        self, model: type[Shape], name: str, given: tuple[object, ...]
    ) -> Iterator[tuple[object, str | None]]:
        shape = self._shapes[name]
        if shape.free or shape.model is not None or shape.base in {dict, date}:
            yield None, f"'{name}' cannot be chosen by: it holds {shape.words}."
            return
        for value in given:
            if shape.values:
                yield _among(value, shape.values), _not_among(value, shape.values, name)
                continue
            try:
                yield _adapter(model, name, many=shape.many)(value), None
            except ValidationError:
                yield None, f"{name}: {echoed(value)} is not possible; it holds {shape.words}."


def _among(value: object, allowed: tuple[object, ...]) -> object:
    """The allowed value that is meant: 1 and "1" are the same number to a reader, true and 1 are not."""
    for each in allowed:
        if isinstance(value, bool) is isinstance(each, bool) and str(value) == str(each):
            return each
    return None


def _not_among(value: object, allowed: tuple[object, ...], name: str) -> str | None:
    if _among(value, allowed) is not None:
        return None
    choices = [echoed(each).strip("'") for each in allowed]
    return f"{name}: {echoed(value)} is not possible{nearest(value, choices)}"


@cache
def _adapter(model: type[Shape], name: str, *, many: bool) -> Any:
    info = model.model_fields[name]
    annotation: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    if many:
        return lambda value: adapter.validate_python((value,))[0]
    return adapter.validate_python
