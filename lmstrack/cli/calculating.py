"""Calculators: they take fields like ``record``; a database is needed only where a case is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

import typer

from lmstrack.calculators import figo_stage, fnclcc_grade, stage_group
from lmstrack.cli.commands import COMMANDS
from lmstrack.cli.family import command, family
from lmstrack.cli.fields import paired
from lmstrack.cli.moments import AsOf, KnownAt, Moments  # typer reads the annotations
from lmstrack.dates import short
from lmstrack.errors import InvalidData, NotFound, UsageFault
from lmstrack.nominal import last_boundary, nominal_visits
from lmstrack.plans import chosen_plan
from lmstrack.records import FigoExtent, from_text, shape_from_text
from lmstrack.records.faults import did_you_mean, echoed
from lmstrack.reports.calculated import figo_report, grade_report, stage_report
from lmstrack.reports.schedule import schedule_report
from lmstrack.staging.of_case import figo_inputs, stage_inputs
from lmstrack.staging.soft_tissue import Authority

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lmstrack.cli.shell import Shell
    from lmstrack.facts import Facts

app = family()

_DISEASES: Final = ("localised", "metastatic")
#: The fields of a stage that a record reads; the others are categories, which the calculator reads itself.
_READ_BY: Final = {
    "site_group": "referral",
    "size_mm": "referral",
    "prefix": "staging",
    "authority": "staging",
    "edition": "staging",
}

CaseGiven = Annotated[
    str | None,
    typer.Option("--case", metavar="CASE", help="Take what is on record of this case; a field overrides it."),
]


@command(app, "calc stage")
def stage(
    ctx: typer.Context,
    fields: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FIELD=VALUE …]", help="site_group, size_mm or t, n, m, grade, authority, edition, prefix."
        ),
    ] = None,
    case: CaseGiven = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> None:
    """The stage group of a tumour outside the uterus, by AJCC or UICC, and the groups still possible.

    Fields: site_group, size_mm (greatest dimension) or t (0, 1, 2, 3, 4, X), n (0, 1, X), m (0, 1), grade
    (FNCLCC 1, 2, 3, or X), authority (AJCC or UICC), edition (8 or 9), prefix (c, p, yc, yp). A fact that is left
    out is not known; X is what cannot be assessed. Where AJCC and UICC differ both are shown.
    """
    shell: Shell = ctx.obj
    asked = "Find the stage group"
    given = _given("calc stage", fields or [], asked)
    known = _of_case(shell, case, as_of, known_at, stage_inputs)
    # A size that is typed is meant, and so is a T: neither is to be compared with what is on record.
    typed = _stage_fields(shell, given, asked)
    if {"t", "size_mm"} & set(typed):
        known = {name: value for name, value in known.items() if name not in {"t", "size_mm"}}
    inputs = {**known, **typed}
    found = stage_group(**inputs)
    other = next(each for each in get_args(Authority) if each != found.authority)
    theirs = stage_group(**{**inputs, "authority": other})
    if not theirs.still_possible:  # perhaps for want of a table of this edition; the first that is held will do
        theirs = stage_group(**{**inputs, "authority": other, "edition": None})
    shell.emit(stage_report(found, theirs))


def _stage_fields(shell: Shell, given: Mapping[str, str], asked: str) -> dict[str, Any]:
    read: dict[str, Any] = {name: text for name, text in given.items() if name not in _READ_BY}
    faults: list[str] = []
    for kind in dict.fromkeys(_READ_BY.values()):
        pairs = {name: text for name, text in given.items() if _READ_BY.get(name) == kind}
        try:
            record = from_text(kind, pairs, today=shell.today, asked=asked)
        except InvalidData as error:
            faults += error.faults
        else:
            read |= {name: getattr(record, name) for name in pairs}
    if faults:
        raise InvalidData(asked, faults)
    return read


@command(app, "calc figo")
def figo(
    ctx: typer.Context,
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="[FIELD=VALUE …]", help="How far the tumour reaches; see above.")
    ] = None,
    case: CaseGiven = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> None:
    """The FIGO 2009 stage of a leiomyosarcoma of the uterus, and what it is in TNM.

    Fields: size_mm (greatest dimension), abdominal_sites (how many abdominal tissues are invaded) and
    nodal_deposit_mm (greatest deposit in a node; isolated cells leave it free) as numbers; adnexa, pelvic (other
    pelvic tissue), nodes (pelvic or para-aortic), bladder_rectum, distant and cervix (which changes nothing) as true
    or false; nodes_assessed=false for NX; prefix. A fact that is left out is not known.
    """
    shell: Shell = ctx.obj
    asked = "Find the FIGO stage"
    given = _given("calc figo", fields or [], asked)
    prefix = given.pop("prefix", None)
    typed = shape_from_text(FigoExtent, "the extent", given, today=shell.today, asked=asked)
    inputs = _of_case(shell, case, as_of, known_at, figo_inputs)
    inputs |= {name: getattr(typed, name) for name in given}
    if prefix is not None:
        inputs["prefix"] = _stage_fields(shell, {"prefix": prefix}, asked)["prefix"]
    shell.emit(figo_report(figo_stage(**inputs)))


@command(app, "calc grade")
def grade(
    ctx: typer.Context,
    fields: Annotated[
        list[str],
        typer.Argument(metavar="FIELD=VALUE …", help="differentiation, mitoses_count, mitoses_area_mm2, necrosis_pct."),
    ],
) -> None:
    """The FNCLCC grade of an untreated tumour outside the uterus, and the grades still possible.

    Fields: differentiation (1, 2, 3), mitoses_count per ten high-power fields, or per mitoses_area_mm2 where that
    is given, necrosis_pct (share of the tumour). A fact that is left out is not known.
    """
    shell: Shell = ctx.obj
    asked = "Compute the FNCLCC grade"
    given = _given("calc grade", fields, asked)
    report = from_text("pathology", given, today=shell.today, asked=asked)
    shell.emit(grade_report(fnclcc_grade(**{name: getattr(report, name) for name in given})))


def _of_case(
    shell: Shell, case: str | None, as_of: str | None, known_at: str | None, inputs: Callable[[Facts], dict[str, Any]]
) -> dict[str, Any]:
    """What is on record of a case, or was as of a day and as known then; nothing where no case is named."""
    if case is None:
        if as_of is not None or known_at is not None:
            raise UsageFault("Calculate as of a day", "no case is named.", "Name it with --case, or leave the day out.")
        return {}
    with shell.tracker() as tracker:
        moments = Moments.read(shell, tracker, as_of, known_at)
        chosen = shell.chosen(tracker, case)
        return inputs(tracker.case(chosen, as_of=moments.as_of, known_at=moments.known_at).facts)


def _given(command_words: str, fields: Sequence[str], asked: str) -> dict[str, str]:
    """What was typed, by field; raises `InvalidData` for a field that the command has not, naming the nearest."""
    given = paired(fields, asked)
    allowed = COMMANDS[command_words].fields
    unknown = [
        f"there is no field {echoed(name)}{did_you_mean(name, allowed)}" for name in given if name not in allowed
    ]
    if unknown:
        raise InvalidData(asked, unknown, f"Fields: {', '.join(allowed)}.")
    return given


@command(app, "calc schedule")
def schedule(
    ctx: typer.Context,
    fields: Annotated[
        list[str], typer.Argument(metavar="FIELD=VALUE …", help="anchor, until, site_group, grade, disease.")
    ],
) -> None:
    """The visits that a plan would ask for if each were done on its first nominal day.

    Fields: anchor (the day that starts the clock), until (that day included; without it the last change of
    rhythm), site_group, grade (1 as reported by a sarcoma pathologist), disease (localised or metastatic). A
    fact that is left out is not known, and the strictest plan that could apply is taken. The real schedule
    rolls from what was done.
    """
    shell: Shell = ctx.obj
    given = _given("calc schedule", fields, "Calculate a schedule")
    if "anchor" not in given:
        raise InvalidData(
            "Calculate a schedule", ["anchor is missing"], "Give the last day of treatment: anchor=2026-01-31"
        )
    anchor = shell.day(given["anchor"])
    known = _known(shell, given)
    workflow = shell.versions.newest
    choice = chosen_plan(workflow.plans, "surveillance", known)
    if choice is None:
        raise NotFound(
            "Calculate a schedule",
            "no plan is for such a patient.",
            "lmstrack workflow show names the plans.",
        )
    until = shell.day(given["until"], looking="ahead") if "until" in given else last_boundary(choice.plan, anchor)
    if until < anchor:
        raise InvalidData("Calculate a schedule", [f"until: {short(until)} is before the anchor, {short(anchor)}"])
    visits = nominal_visits(choice.plan, anchor, until, known)
    shell.emit(schedule_report(choice, visits, anchor, until, workflow.name))


def _known(shell: Shell, given: Mapping[str, str]) -> dict[str, object]:
    """The facts that select a plan, read like the fields of a record; None where one is not known."""
    asked = "Calculate a schedule"
    disease = given.get("disease", "localised").lower()
    if disease not in _DISEASES:
        raise InvalidData(asked, [f"disease: it is one of {', '.join(_DISEASES)}"])
    site = {"site_group": given["site_group"]} if "site_group" in given else {}
    grade = {"grade": given["grade"]} if "grade" in given else {}
    referral = from_text("referral", site, today=shell.today, asked=asked)
    pathology = from_text("pathology", {"specimen": "review", **grade}, today=shell.today, asked=asked)
    return {
        "disease": disease,
        "site_group": getattr(referral, "site_group", None),
        "schedule_grade": getattr(pathology, "grade", None),
    }
