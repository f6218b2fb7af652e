"""Calculators: they take fields like ``record`` and need no database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from lmstrack.cli.family import command, family
from lmstrack.cli.fields import paired
from lmstrack.errors import InvalidData, NotFound
from lmstrack.nominal import last_boundary, nominal_visits
from lmstrack.plans import chosen_plan
from lmstrack.records import from_text
from lmstrack.reports.schedule import schedule_report
from lmstrack.workflow import load_workflow, released

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lmstrack.cli.shell import Shell

app = family()

_FACTS: Final = ("disease", "site_group", "grade")
_DISEASES: Final = ("localised", "metastatic")
_DAYS: Final = ("anchor", "until")


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
    given = paired(fields, "Calculate a schedule")
    unknown = [name for name in given if name not in {*_FACTS, *_DAYS}]
    if unknown:
        raise InvalidData(
            "Calculate a schedule",
            [f"there is no field {name[:40]}" for name in unknown],
            f"Fields: {', '.join((*_DAYS, *_FACTS))}.",
        )
    if "anchor" not in given:
        raise InvalidData(
            "Calculate a schedule", ["anchor is missing"], "Give the last day of treatment: anchor=2026-01-31"
        )
    anchor = shell.day(given["anchor"])
    known = _known(shell, given)
    workflow = load_workflow(released()[-1])
    choice = chosen_plan(workflow.plans, "surveillance", known)
    if choice is None:
        raise NotFound(
            "Calculate a schedule",
            "no plan is for such a patient.",
            "lmstrack workflow show names the plans.",
        )
    until = shell.day(given["until"], looking="ahead") if "until" in given else last_boundary(choice.plan, anchor)
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
