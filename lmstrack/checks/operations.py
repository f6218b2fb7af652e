"""Checks on which operation a tumour of a site has, planned and done, and on what is planned around it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lmstrack.checks.planning import palliative, plan_question, surgery_done
from lmstrack.checks.questions import SITE, SIZE, about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import Operation, SiteGroup
from lmstrack.checks.wording import OPERATIONS, SITES, both, dated, either, number
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Mdt, PlannedTreatment, Surgery
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met

#: Operations that take out the uterus or a part of it, or of which nobody says what they are.
_OF_THE_UTERUS: frozenset[str | None] = frozenset({None, "total_hysterectomy", "other"})


@check(of=(Mdt, Surgery), at="site")
def operation_fits_site(
    case: Facts, on: date, *, site: SiteGroup, operations: Collection[Operation], intact: bool
) -> Answer:
    """A localised tumour of this site is taken out by one of these operations; *intact* asks for a whole specimen.

    Asked of the plan of an MDT, in which one operation has to fit, and of an operation. A plan that does not
    speak of the specimen keeps it whole. Metastases, palliative intent, and tumours that had such an
    operation before are not asked. No plan is *unknown*.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Mdt | Surgery):
        return NOT_ASKED
    tumour_site = case.site_group()
    if tumour_site is not None and tumour_site != site:
        return NOT_ASKED
    if case.disease() == "metastatic" or palliative(case) or _done_before(case, asked, operations):
        return NOT_ASKED
    record = asked.record
    if isinstance(record, Surgery):
        if record.operation == "metastasectomy":
            return NOT_ASKED
        fits, found, ask = _done(asked, record, operations, intact=intact)
    elif record.plan is None:
        fits, found, ask = None, "the MDT states no plan", plan_question(case)
    else:
        planned = _planned_surgery(record)
        if not planned:
            return NOT_ASKED
        fits, found, ask = _planned(asked, planned, operations, intact=intact)
    if fits:
        return MET
    needs = f"{either([OPERATIONS[each] for each in operations])} for a tumour of the {SITES[site]}"
    if intact:
        needs += ", the specimen whole"
    asks = [each for each in (ask, None if tumour_site is not None else SITE) if each is not None]
    if asks:
        said = "" if tumour_site is not None else "; the site of the tumour is not known"
        return undecided(needs, f"{found}{said}", asks)
    return not_met(needs, found)


Fitting = tuple[bool | None, str, Ask | None]


def _done_before(case: Facts, asked: Event, operations: Collection[str]) -> bool:
    return any(event is not asked and surgery.operation in operations for event, surgery in case.records(Surgery))


def _planned_surgery(mdt: Mdt) -> list[PlannedTreatment]:
    return [each for each in mdt.plan or () if each.treatment == "surgery" and each.operation != "metastasectomy"]


def _done(event: Event, surgery: Surgery, operations: Collection[str], *, intact: bool) -> Fitting:
    """Whether an operation that was done fits, in words, and the question where that is not recorded."""
    if surgery.operation is None:
        ask = about(event, "operation", "Which operation was it?", next(iter(operations), "other"))
        return None, "which operation it was is not recorded", ask
    said = OPERATIONS[surgery.operation]
    if surgery.operation not in operations:
        return False, said, None
    if not intact or (surgery.specimen_intact and not surgery.morcellation):
        return True, said, None
    if surgery.morcellation or surgery.specimen_intact is False:
        return False, f"{said}, the specimen {'morcellated' if surgery.morcellation else 'not whole'}", None
    ask = about(event, "specimen_intact", "Was the specimen taken out whole?")
    return None, f"{said}; whether the specimen was whole is not recorded", ask


def _planned(event: Event, planned: list[PlannedTreatment], operations: Collection[str], *, intact: bool) -> Fitting:
    """Whether a planned operation fits, in words, and the question where the plan does not say which it is."""
    for each in planned:
        spoilt = each.morcellation or each.specimen_intact is False
        if each.operation in operations and not (intact and spoilt):
            return True, "", None
    if any(each.operation is None for each in planned):
        ask = Ask("mdt.plan.operation", "Which operation does the MDT plan?", "mdt plan=@plan.json", (), event.line)
        return None, "the plan does not say which operation it is", ask
    said = both(tuple(dict.fromkeys(_in_words(each) for each in planned)))
    return False, f"planned: {said}", None


def _in_words(planned: PlannedTreatment) -> str:
    said = OPERATIONS[planned.operation or "other"]
    if planned.morcellation:
        return f"{said} with morcellation"
    return f"{said} in pieces" if planned.specimen_intact is False else said


@check(of=(Mdt, Surgery), at="site")
def not_morcellated(case: Facts, on: date, *, site: SiteGroup) -> Answer:
    """No tumour of this site is morcellated: neither by the plan of an MDT nor by an operation.

    A plan that does not speak of morcellation does not hold it. An operation says either that there was
    none or that the specimen was whole; else the answer is *unknown*, unless the organ was out before.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Mdt | Surgery):
        return NOT_ASKED
    tumour_site = case.site_group()
    if tumour_site is not None and tumour_site != site:
        return NOT_ASKED
    record = asked.record
    asks: list[Ask] = [] if tumour_site is not None else [SITE]
    if isinstance(record, Mdt):
        if record.plan is None:
            return NOT_ASKED
        if not any(each.morcellation for each in record.plan):
            return MET
        found = f"the plan of {dated(asked, on)} morcellates it"
    elif record.morcellation:
        found = "it was morcellated"
    elif record.morcellation is False or record.specimen_intact:
        return MET
    elif (
        record.operation == "metastasectomy"
        or (tumour_site is None and record.operation not in _OF_THE_UTERUS)
        or _done_before(case, asked, ("total_hysterectomy",))
    ):
        return NOT_ASKED
    else:
        found = "whether it was morcellated is not recorded"
        asks.append(about(asked, "morcellation", "Was the specimen morcellated?", "false"))
    needs = f"a tumour of the {SITES[site]} that is taken out without morcellation"
    return undecided(needs, found, asks) if asks else not_met(needs, found)


@check(of=(Mdt,), treating="surgery", at="sites")
def reconstruction_stated(case: Facts, on: date, *, sites: Collection[SiteGroup], above_mm: float) -> Answer:
    """A plan to operate on a tumour of these sites and above this size says whether tissue or vessels are replaced.

    Asked of the plan of an MDT; one without an operation is not asked. *no* is an answer too.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Mdt):
        return NOT_ASKED
    planned = _planned_surgery(asked.record)
    if not planned:
        return NOT_ASKED
    site, size = case.site_group(), case.size_mm()
    if (site is not None and site not in sites) or (size is not None and size <= above_mm):
        return NOT_ASKED
    if any(each.reconstruction is not None for each in planned):
        return MET
    places = either([SITES[each] for each in sites])
    needs = f"a plan that says whether to reconstruct, for a tumour of the {places} above {number(above_mm)} mm"
    found = f"the plan of {dated(asked, on)} does not speak of it"
    asks = [ask for ask, known in ((SITE, site), (SIZE, size)) if known is None]
    return undecided(needs, found, asks) if asks else not_met(needs, found)


@check(of=(Mdt,), at="site")
def treatment_before_surgery_considered(case: Facts, on: date, *, site: SiteGroup) -> Answer:
    """A plan to operate on a localised tumour of this site holds treatment before it, or experts plan without it.

    Asked of the plan of an MDT, as long as the tumour has not been operated on; no plan is *unknown*. A team
    with expertise in these tumours is taken to have considered it. Palliative intent is not asked.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Mdt):
        return NOT_ASKED
    tumour_site = case.site_group()
    if tumour_site is not None and tumour_site != site:
        return NOT_ASKED
    if case.disease() == "metastatic" or palliative(case) or surgery_done(case):
        return NOT_ASKED
    plan, experts = asked.record.plan, asked.record.rps_expertise
    if plan is not None and not _planned_surgery(asked.record):
        return NOT_ASKED
    if plan is not None and (experts or any(map(_before_surgery, plan))):
        return MET
    needs = f"radiotherapy or systemic treatment considered before the operation on a tumour of the {SITES[site]}"
    asks: list[Ask] = [] if tumour_site is not None else [SITE]
    if plan is None:
        return undecided(needs, "the MDT states no plan", [plan_question(case), *asks])
    found = f"the plan of {dated(asked, on)} holds none"
    if experts is None:
        question = f"Has the MDT of {dated(asked, on)} expertise in tumours of the {SITES[site]}?"
        asks.append(about(asked, "rps_expertise", question))
        return undecided(needs, f"{found}; whether the team has that expertise is not recorded", asks)
    found = f"{found}, made by a team without that expertise"
    return undecided(needs, found, asks) if asks else not_met(needs, found)


def _before_surgery(planned: PlannedTreatment) -> bool:
    if planned.treatment == "radiotherapy":
        return planned.timing == "preoperative"
    return planned.treatment == "systemic" and planned.line == "neoadjuvant"
