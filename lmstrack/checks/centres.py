"""Whether a specialised centre, or a team that knows the site of the tumour, has the patient in its care."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lmstrack.checks.questions import SITE, about, day_of, undecided, vague_day
from lmstrack.checks.registry import check
from lmstrack.checks.values import SiteGroup
from lmstrack.checks.wording import SITES, dated, either
from lmstrack.dates import short
from lmstrack.facts import Facts
from lmstrack.records import Biopsy, Mdt, PlannedTreatment, Radiotherapy, Surgery, Systemic
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met


def is_designated(
    case: Facts, said: Biopsy | Mdt | PlannedTreatment | Surgery | Radiotherapy | Systemic
) -> bool | None:
    """Whether a record names a specialised centre: it says so, or the settings list its name; None: not known."""
    if said.centre is not None and not said.centre_designated:
        named = said.centre.casefold()
        if any(named == each.casefold() for each in case.designated_centres):
            return True
    return said.centre_designated


@check(of=(Surgery, Radiotherapy, Systemic))
def treated_at_designated_centre(case: Facts, on: date) -> Answer:
    """The treatment is given at a designated centre, or elsewhere in care that is shared with one.

    Where the treatment says nothing of its place, the plan does, and after it the latest MDT: a designated
    centre that has planned it is taken to give it. A place that is only named is no designated one.
    """
    asked = case.asked
    if asked is None:
        return NOT_ASKED
    treatment = asked.record
    if not isinstance(treatment, Surgery | Radiotherapy | Systemic):
        return NOT_ASKED
    here = is_designated(case, treatment)
    if here:
        return MET
    meetings = case.records(Mdt, course=True)
    shared = next((mdt.shared_care for _, mdt in meetings if mdt.shared_care is not None), None)
    if shared:
        return MET
    unsaid = here is None and treatment.centre is None
    if unsaid:
        here = _where_planned(case, treatment.kind)
        if here:
            return MET
    team = next((known for _, mdt in meetings if (known := is_designated(case, mdt)) is not None), None)
    if unsaid and here is None and team:
        return MET
    needs = "treatment at a designated sarcoma centre, or care shared with one"
    if here is False:
        found = "not at a designated centre"
        if not meetings:
            return not_met(needs, f"{found}, and no MDT on record shares the care")
        if shared is False:
            return not_met(needs, f"{found}, and the care is not shared with one")
        meeting = meetings[0][0]
        question = about(meeting, "shared_care", "Is the care shared with a designated sarcoma centre?")
        return undecided(needs, f"{found}; whether the care is shared with one is not recorded", (question,))
    if unsaid and meetings and team is None:
        meeting = meetings[0][0]
        said = f"Is the centre of the MDT of {dated(meeting, on)} a designated one?"
        question = about(meeting, "centre_designated", said)
    else:
        question = about(asked, "centre_designated", f"Is the {_named(treatment)} given at a designated centre?")
    return undecided(needs, "where the treatment is given is not recorded", (question,))


def _named(treatment: Surgery | Radiotherapy | Systemic) -> str:
    return "systemic treatment" if isinstance(treatment, Systemic) else treatment.kind


def _where_planned(case: Facts, kind: str) -> bool | None:
    """Whether the plan in force has treatment of this kind at a designated centre; None: it does not say."""
    plan = case.plan()
    said = () if plan is None else (is_designated(case, each) for each in plan[1] if each.treatment == kind)
    return next((known for known in said if known is not None), None)


@check(of=(Surgery, Radiotherapy, Systemic), at="sites")
def seen_by_team_of_the_site(case: Facts, on: date, *, sites: Collection[SiteGroup]) -> Answer:
    """Before a treatment of a tumour of these sites, a team with expertise in them has met about the patient.

    Any of its meetings counts: one before the histology, one that decided nothing, one of an earlier course.
    It has to be before radiotherapy starts, not before it ends.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Surgery | Radiotherapy | Systemic):
        return NOT_ASKED
    site = case.site_group()
    if site is not None and site not in sites:
        return NOT_ASKED
    started_on = asked.record.started_on if isinstance(asked.record, Radiotherapy) else None
    by = on if started_on is None or started_on > on else started_on
    asks: list[Ask] = [] if site is not None else [SITE]
    near: list[str] = []
    for event, mdt in case.records(Mdt):
        if event.on > by:
            continue
        meeting = f"the MDT of {dated(event, by)}"
        in_time = event.precision == "day" or event.last <= by
        if mdt.rps_expertise is False:
            near.append(f"{meeting} has not that expertise")
        elif mdt.rps_expertise is None:
            near.append(f"{meeting} does not say whether it has that expertise")
            question = f"Has {meeting} expertise in tumours of the {either([SITES[each] for each in sites])}?"
            asks.append(about(event, "rps_expertise", question))
        elif in_time:
            return MET
        if mdt.rps_expertise is not False and not in_time:
            near.append(f"{meeting} may have met after {short(by)}")
            asks.append(day_of(event))
    places = either([SITES[each] for each in sites])
    needs = f"a meeting of a team with expertise in tumours of the {places}, on or before {short(by)}"
    found = "; ".join(near) or "no MDT on record"
    if site is None:
        found = f"{found}; the site of the tumour is not known"
    vague = vague_day(case)
    if vague is not None and started_on is None and not asks:
        asks.append(day_of(vague))
    if asks:
        return undecided(needs, found, asks)
    return not_met(needs, found, 'mdt rps_expertise=true decision="…"')
