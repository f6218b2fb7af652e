"""Records in the ward's words: one line for a timeline, and what the fields of a kind hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.dates import short
from lmstrack.places import told as line_told
from lmstrack.records.base import Shape
from lmstrack.records.corrections import Correct, Merge, MoveEvent, Unmerge
from lmstrack.records.diagnosis import Biopsy, Imaging, Mdt, Staging
from lmstrack.records.following import Booking, Contact, Death
from lmstrack.records.reading import class_of
from lmstrack.records.shape import FieldShape, shapes
from lmstrack.records.treatment import Systemic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lmstrack.records.base import Record


class FieldHelp(NamedTuple):
    """One field of a kind: its name, what it holds in words, and its values where they are listed."""

    field: str
    holds: str
    values: tuple[str, ...]


def field_help(kind: str) -> list[FieldHelp]:
    """List the fields of a kind in the order of declaration; raise InvalidData where there is none.

    >>> field_help("cardiac_function")[0]
    FieldHelp(field='lvef_pct', holds='number, 1 to 100 %', values=())
    """
    return [
        FieldHelp(name, f"{shape.words}, required" if shape.required else shape.words, tuple(map(str, shape.values)))
        for name, shape in shapes(class_of(kind)).items()
    ]


_REGIONS = {
    "primary": "the primary",
    "chest": "the chest",
    "abdomen_pelvis": "abdomen and pelvis",
    "brain": "the brain",
    "whole_body": "the whole body",
    "other": "another region",
}
_YES_NO = {
    "adequate": ("adequate", "not adequate"),
    "counts": ("counts", "does not count"),
    "track_planned_with_surgeon": ("track planned with the surgeon", "track not planned with the surgeon"),
    "centre_designated": ("designated centre", "not a designated centre"),
    "is_lms": ("leiomyosarcoma", "not leiomyosarcoma"),
    "reviewed_by_sarcoma_pathologist": ("seen by a sarcoma pathologist", "not seen by a sarcoma pathologist"),
    "bso": ("ovaries removed", "ovaries kept"),
    "recurrent_lesion": ("a lesion that has come back", "not a lesion that has come back"),
    "r0_feasible": ("R0 feasible", "R0 not feasible"),
    "standing": ("for good", "not for good"),
}
_KINDS = {"mdt": "MDT", "treatment_completed": "treatment completed, then", "not_lms": "not leiomyosarcoma"}
_ABBREVIATIONS = {"mm", "mm2", "pct", "gy", "mg", "m2", "dl", "on"}
_WRITTEN = {"child pugh": "Child-Pugh", "dna": "DNA", "lvef": "LVEF", "mri": "MRI", "rps": "RPS", "rt": "RT"}
#: Fields whose value does not say what it is of.
_NAMED = {"malignancy_suspicion", "menopausal_status", "uterine_grade"}


def described(record: Record) -> str:
    """Say it in one short line in the ward's words, without free text and without anything that is not known.

    >>> described(Imaging(region="primary", modality="MRI", adequate=True))
    'MRI of the primary, adequate'
    >>> described(Death(cause="disease"))
    'death (disease)'
    """
    match record:
        case Imaging():
            return _with_rest(_scan(record), record, {"region", "regions", "modality"})
        case Biopsy(method=str(method)):
            lead = "fine-needle aspiration" if method == "fna" else f"{method} biopsy"
            return _with_rest(lead, record, {"method"})
        case Staging():
            return _with_rest(_stage(record), record, {"prefix", "t", "n", "m", "authority", "edition"})
        case Mdt(plan=tuple(plan)):
            planned = ", ".join(item.treatment for item in plan) or "no treatment"
            return _with_rest(f"MDT, plans {planned}", record, {"plan", "actions"})
        case Systemic(regimen=tuple(regimen)):
            cycle = "cycle" if record.cycle is None else f"cycle {record.cycle}"
            return _with_rest(f"{cycle} of {_listed(regimen)}", record, {"regimen", "cycle", "doses_mg_m2"})
        case Booking():
            return _with_rest(f"booked for {short(record.for_date)}", record, {"for_date"})
        case Contact():
            return _with_rest(f"contact: {_words(record.outcome)}", record, {"outcome"})
        case Death(cause=str(cause)):
            return f"death ({cause})"
        case Correct() | MoveEvent() | Merge() | Unmerge():
            return _correction(record)
    lead = _KINDS.get(record.kind, _words(record.kind))
    rest = ", ".join(_told(record, ()))
    if not rest:
        return lead.removesuffix(", then")
    return f"{lead}{' ' if lead.endswith('then') else ': '}{rest}"


def _with_rest(lead: str, record: Record, told: Collection[str]) -> str:
    return ", ".join([lead, *_told(record, told)])


def _scan(imaging: Imaging) -> str:
    modality = "imaging" if imaging.modality is None else imaging.modality.replace("_", "-")
    regions = imaging.regions or ((imaging.region,) if imaging.region is not None else ())
    return f"{modality} of {_listed(_REGIONS[region] for region in regions)}"


def _stage(staging: Staging) -> str:
    tnm = " ".join(
        f"{letter}{value}" for letter, value in (("T", staging.t), ("N", staging.n), ("M", staging.m)) if value
    )
    after = " ".join(said for said in (staging.authority, staging.edition) if said)
    return ", ".join(said for said in (f"staging {staging.prefix or ''}{tnm}".rstrip(), after) if said)


def _correction(correct: Correct | MoveEvent | Merge | Unmerge) -> str:
    match correct:
        case MoveEvent():
            return f"{line_told(correct.line)} moved to {correct.to_case}"
        case Merge():
            return f"{correct.other_case} is the same patient"
        case Unmerge():
            return f"{correct.other_case} is another patient after all"
    why = _words(correct.nature)
    if correct.instead is None:
        return f"{line_told(correct.line)} withdrawn ({why})"
    return f"{line_told(correct.line)} corrected ({why}): {correct.instead.on}, {described(correct.instead.record)}"


def _told(record: Shape, left_out: Collection[str]) -> Iterator[str]:
    for name, shape in shapes(type(record)).items():
        value = getattr(record, name)
        if value is not None and name not in left_out and not shape.free:
            yield _said(name, value, shape)


def _said(name: str, value: object, shape: FieldShape) -> str:
    if isinstance(value, bool):
        yes, no = _YES_NO.get(name, (_name(name), f"{_name(name)}: no"))
        return yes if value else no
    if isinstance(value, date):
        return f"{_label(name)} {short(value)}"
    if isinstance(value, tuple):
        return _several(name, value)
    if isinstance(value, Shape):
        return f"{_words(name)}: {', '.join(_told(value, ())) or 'nothing known'}"
    if isinstance(value, int | float):
        unit = shape.limits.unit if shape.limits is not None else ""
        return f"{_label(name)} {value:g} {unit}".rstrip()
    if shape.values:
        return _words(value) if len(str(value)) > 1 and name not in _NAMED else f"{_label(name)} {_words(value)}"
    return f"{_label(name)} {value}"


def _several(name: str, values: tuple[object, ...]) -> str:
    if all(isinstance(value, str) for value in values):
        return _listed(map(_words, values)) or f"no {_words(name)}"
    return f"{len(values)} {_words(name) if len(values) != 1 else _words(name).removesuffix('s')}"


def _label(name: str) -> str:
    return _name("_".join(word for word in name.split("_") if word not in _ABBREVIATIONS) or name)


def _name(field: str) -> str:
    """A field in words, its abbreviations written as the ward writes them."""
    said = f" {_words(field)} "
    for plain, written in _WRITTEN.items():
        said = said.replace(f" {plain} ", f" {written} ")
    return said.strip()


def _words(value: object) -> str:
    return str(value).replace("_", " ")


def _listed(words: Iterable[str]) -> str:
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last
