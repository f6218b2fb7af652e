"""Checks on the biopsy that is being recorded: how it is done, where, and along which track."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lmstrack.checks.centres import is_designated
from lmstrack.checks.questions import DEPTH, SIZE, about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.values import Depth, Method
from lmstrack.checks.wording import METHODS, either, number
from lmstrack.facts import Facts
from lmstrack.records import Biopsy
from lmstrack.rules import MET, NOT_ASKED, Answer, not_met


@check(of=(Biopsy,))
def biopsy_method_accepted(
    case: Facts, on: date, *, methods: Collection[Method], excisional_below_mm: float, excisional_depth: Depth
) -> Answer:
    """The biopsy is taken in one of these ways, or the whole of a small tumour of this depth is taken out.

    A tumour of exactly *excisional_below_mm* is too large for that.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Biopsy):
        return NOT_ASKED
    method = asked.record.method
    if method in methods:
        return MET
    small = f"excisional for a {excisional_depth} tumour below {number(excisional_below_mm)} mm"
    needs = f"a biopsy that is {either([METHODS[each] for each in methods])}, or {small}"
    if method is None:
        ask = about(asked, "method", "How is the biopsy taken?", next(iter(methods), "core"))
        return undecided(needs, "the method is not recorded", (ask,))
    if method != "excisional":
        return not_met(needs, METHODS[method])
    size, depth = case.size_mm(), case.depth()
    too_large = size is not None and size >= excisional_below_mm
    too_deep = depth is not None and depth != excisional_depth
    if size is not None and depth is not None and not too_large and not too_deep:
        return MET
    width = "not known" if size is None else f"{number(size)} mm"
    tumour = f"excisional; depth {depth or 'not known'}, size {width}"
    if too_large or too_deep:
        return not_met(needs, tumour)
    return undecided(needs, tumour, [ask for ask, known in ((DEPTH, depth), (SIZE, size)) if known is None])


@check(of=(Biopsy,))
def biopsy_centre_accepted(case: Facts, on: date) -> Answer:
    """The biopsy is taken at a designated sarcoma centre, or locally where the MDT has approved it.

    A centre that the settings list by name is designated.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Biopsy):
        return NOT_ASKED
    biopsy = asked.record
    if is_designated(case, biopsy) or biopsy.mdt_approved_local:
        return MET
    needs = "a designated sarcoma centre, or a local biopsy that the MDT has approved"
    said = {
        "centre_designated": (
            "Is the biopsy taken at a designated sarcoma centre?",
            "the centre is not designated",
        ),
        "mdt_approved_local": (
            "Has the MDT approved a local biopsy?",
            "the MDT has not approved a local biopsy",
        ),
    }
    denied = [found for name, (_, found) in said.items() if getattr(biopsy, name) is False]
    asks = [about(asked, name, question) for name, (question, _) in said.items() if getattr(biopsy, name) is None]
    if asks:
        return undecided(needs, "; ".join(denied) or "where the biopsy is taken is not recorded", asks)
    return not_met(needs, "; ".join(denied))


@check(of=(Biopsy,))
def biopsy_track_planned(case: Facts, on: date) -> Answer:
    """The track of the biopsy is agreed with the surgeon, so that it lies in the planned resection.

    Software cannot see the track: it takes the word of whoever records the biopsy.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Biopsy):
        return NOT_ASKED
    planned = asked.record.track_planned_with_surgeon
    if planned:
        return MET
    needs = "a biopsy track agreed with the surgeon, within the planned resection"
    if planned is False:
        return not_met(needs, "the track was not planned with the surgeon")
    question = "Was the biopsy track agreed with the surgeon?"
    ask = about(asked, "track_planned_with_surgeon", question)
    return undecided(needs, "not recorded", (ask,))
