"""What stands around a list of obligations: its scope, the lines below it that add up, and what its words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from lmstrack.dates import civil_day, short
from lmstrack.reports.report import About, counted

if TYPE_CHECKING:
    from datetime import date

    from lmstrack.lists import ObligationList
    from lmstrack.workflow import Workflow

_STATES: Final = (
    ("overdue", "overdue"),
    ("overdue_booked", "overdue but booked"),
    ("due", "due"),
    ("upcoming", "upcoming"),
    ("excused", "excused"),
    ("suspended", "suspended"),
    ("undetermined", "undetermined"),
)
_GROUPS: Final = (
    ("surveillance", "surveillance"),
    ("result", "results"),
    ("pathway", "clocks before and between treatments"),
)
DEFINITIONS: Final = (
    (
        "Overdue",
        (
            "The last day of its window has passed, nothing that counts was done, and nothing excuses it. "
            "Due today is due, not overdue. A booking does not change it, and it never expires."
        ),
    ),
    ("Days", "Days after the last day of the window."),
    ("Due", "Today lies in the window, both ends included."),
    ("Upcoming", "The window has not begun."),
    ("Excused", "Declined or judged not appropriate, this time."),
    ("Suspended", "On hold, with a day on which it is looked at again."),
    ("Undetermined", "No window can be computed, not even a provisional one."),
    ("Provisional", "A fact that selects the plan is missing, so the strictest plan that could apply runs."),
    ("Catch-up", "The duty became known late and was given time."),
)


def scope_of(found: ObligationList, navigator: str | None) -> str:
    """What a list looks at, in words; *navigator* is whose rows are shown, None for all."""
    groups = " and ".join(words for group, words in _GROUPS if group in found.groups)
    whose = "every case" if navigator is None else f"rows of navigator {navigator}; the counts are of every case"
    return f"{groups}, {whose}"


def of_navigator(shown: int, of: int, navigator: str | None) -> tuple[str, ...]:
    """The line that says how the rows of one navigator belong to counts that are of every case; none without one."""
    if navigator is None:
        return ()
    return (f"Shown: {shown} of {counted(of, 'row')}, those of {navigator}. The counts are of every case:",)


def reconciliation(totals: Mapping[str, object], declined: int = 0) -> tuple[str, ...]:
    """The lines that prove that nobody is missing, from the totals that are promised to programs.

    *declined* are how many of the excused were declined for good.
    """
    for_good = f" ({declined} declined for good)" if declined else ""
    parts = [
        f"{totals[key]} {words}{for_good if key == 'excused' else ''}"
        for key, words in _STATES
        if totals[key] or key in {"overdue", "due", "upcoming"}
    ]
    cases = totals["cases"]
    if not isinstance(cases, Mapping):
        return (f"{totals['in_scope']} = {' + '.join(parts)}",)
    excluded = cases["excluded"]
    reasons = dict(excluded) if isinstance(excluded, Mapping) else {}
    left_out = sum(reasons.values())
    told = f" ({', '.join(f'{count} {reason}' for reason, count in sorted(reasons.items()))})" if reasons else ""
    with_one, without_one = cases["with_obligation"], cases["without_obligation"]
    counts = f"{with_one} with an obligation + {without_one} without one + {left_out} excluded{told}"
    lines = [f"{totals['in_scope']} = {' + '.join(parts)}", f"{counted(cases['total'], 'case')} = {counts}"]
    if without_one:
        lines.append("Those without one: lmstrack case list --without-obligation")
    return tuple(lines)


def about_list(about: About, found: ObligationList, workflow: Workflow | None, scope: str) -> About:
    """What a reader needs to judge a list of obligations; *workflow* gives the protocol gaps, None leaves them out."""
    return About(
        run_by=about.run_by,
        zone=about.zone,
        scope=scope,
        software=about.software,
        head=found.head,
        excluded=dict(found.totals.excluded),
        definitions=DEFINITIONS,
        gaps=tuple((gap.id, gap.question, gap.reading) for gap in workflow.gaps) if workflow is not None else (),
    )


def known_then(found: ObligationList, zone: str) -> str:
    """What else was left out, where only what had been entered by then counts."""
    if found.known_at is None:
        return ""
    return f", as known on {short(civil_day(found.known_at, zone or 'UTC'))}"


def no_case(as_of: date) -> str:
    """What a list says where there is nobody whom it could be about."""
    add = "Add one with: lmstrack case add, or look around with: lmstrack demo"
    return f"As of {short(as_of)} no case is on record yet. {add}"
