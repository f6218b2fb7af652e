"""Checks that concern the uterus alone: the ovaries, and radiotherapy after the operation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lmstrack.checks.planning import palliative, plan_found, plan_question, radiotherapy_planned
from lmstrack.checks.questions import MENOPAUSE, SITE, about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import Menopause, SiteGroup
from lmstrack.checks.wording import MENOPAUSES, SITES, dated, either
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Mdt, Radiotherapy, Surgery
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met

_BESIDE_THE_OVARIES: frozenset[str | None] = frozenset({None, "total_hysterectomy", "compartmental_en_bloc", "other"})


@check(of=(Mdt, Surgery), at=("uterus",))
def ovaries_kept(case: Facts, on: date, *, menopause: Collection[Menopause]) -> Answer:
    """The ovaries of a patient of this menopausal status are kept, unless a germline syndrome is on record.

    Asked of the plan of an MDT and of an operation, for the uterus. A plan without surgery keeps them; a
    planned or done operation that does not speak of them is *unknown*, like the lack of a plan. The word
    ``none`` is no syndrome.
    """
    asked = case.asked
    if asked is None:
        return NOT_ASKED
    record = asked.record
    if not isinstance(record, Mdt | Surgery):
        return NOT_ASKED
    if isinstance(record, Surgery) and record.bso is None and record.operation not in _BESIDE_THE_OVARIES:
        return NOT_ASKED
    site = case.site_group()
    if site is not None and site != "uterus":
        return NOT_ASKED
    status = case.described("menopausal_status")
    if status is not None and status not in menopause:
        return NOT_ASKED
    removed, said, ask = _removal_done(asked, record) if isinstance(record, Surgery) else _removal_planned(case, record)
    if removed is False:
        return MET
    syndrome = case.described("germline_syndrome")
    if removed and isinstance(syndrome, str) and syndrome.casefold() != "none":
        return MET
    needs = f"the ovaries kept ({either([MENOPAUSES[each] for each in menopause])}), or a germline syndrome"
    found = f"{said}; {MENOPAUSES.get(str(status), 'menopausal status not known')}"
    open_questions = ((ask, ask is not None), (SITE, site is None), (MENOPAUSE, status is None))
    asks = [question for question, is_open in open_questions if is_open and question is not None]
    if asks:
        return undecided(needs, found, asks)
    return not_met(needs, f"{found}, {'no' if syndrome else 'nothing said of a'} germline syndrome")


Removal = tuple[bool | None, str, Ask | None]


def _removal_done(event: Event, surgery: Surgery) -> Removal:
    """Whether the ovaries were removed, in words, and the question where that is not recorded."""
    if surgery.bso is None:
        question = about(event, "bso", "Were the ovaries removed?", "false")
        return None, "whether the ovaries were removed is not recorded", question
    return surgery.bso, "the ovaries were removed", None


def _removal_planned(case: Facts, mdt: Mdt) -> Removal:
    """Whether the plan removes the ovaries, in words, and the question where it does not say so."""
    if mdt.plan is None:
        return None, "the MDT states no plan", plan_question(case)
    operations = [each for each in mdt.plan if each.treatment == "surgery"]
    if any(each.bso for each in operations):
        return True, "the plan removes the ovaries", None
    if any(each.bso is None and each.operation in _BESIDE_THE_OVARIES for each in operations):
        line = None if case.asked is None else case.asked.line
        ask = Ask("mdt.plan.bso", "Does the plan keep the ovaries?", "mdt plan=@plan.json", (), line)
        return None, "the plan does not say whether the ovaries are kept", ask
    return False, "the plan keeps the ovaries", None


@check(of=(Mdt, Radiotherapy), at="site")
def no_adjuvant_radiotherapy(case: Facts, on: date, *, site: SiteGroup) -> Answer:
    """Localised disease of this site is not irradiated beside its operation, unless for palliation.

    Asked of the plan of an MDT and of radiotherapy. An MDT that wants it all the same says why: its
    departure answers for the treatment too. A timing that is not stated is taken as not palliative; no plan
    is *unknown*.
    """
    asked = case.asked
    if asked is None:
        return NOT_ASKED
    record = asked.record
    tumour_site = case.site_group()
    if not isinstance(record, Mdt | Radiotherapy) or (tumour_site is not None and tumour_site != site):
        return NOT_ASKED
    if case.disease() == "metastatic":
        return NOT_ASKED
    asks = [] if tumour_site is not None else [SITE]
    needs = f"no radiotherapy beside the operation on a tumour of the {SITES[site]}"
    if isinstance(record, Radiotherapy):
        if record.timing == "palliative" or palliative(case):
            return NOT_ASKED
        found = "radiotherapy" if record.timing is None else f"{record.timing} radiotherapy"
    elif palliative(case):
        return NOT_ASKED
    elif record.plan is None:
        return undecided(needs, plan_found(case, None, on), [plan_question(case), *asks])
    elif not radiotherapy_planned(record.plan):
        return MET
    else:
        found = f"the plan of {dated(asked, on)} holds radiotherapy"
    if asks:
        return undecided(needs, f"{found}; the site of the tumour is not known", asks)
    return not_met(needs, found)
