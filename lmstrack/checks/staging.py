"""Checks on the stage: whether the one that is stated is the one that follows from what is on record."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from lmstrack.checks.questions import GRADE, SITE, SIZE, about, undecided
from lmstrack.checks.registry import check
from lmstrack.checks.wording import dated
from lmstrack.events import Event
from lmstrack.facts import Facts
from lmstrack.records import Staging
from lmstrack.records.faults import echoed
from lmstrack.rules import MET, NOT_ASKED, Answer, Ask, not_met
from lmstrack.staging.figo import FigoStage
from lmstrack.staging.of_case import Stage, computed_stage, in_words
from lmstrack.staging.scales import Scales
from lmstrack.staging.soft_tissue import NO_TABLE, Authority, Edition

_STATED: Final = re.compile(r"(?:stage|figo|ajcc|uicc|[\s:])*(iv|i{1,3}|[1-4])\s*([abc]?)", re.IGNORECASE)
_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_EXTENTS: Final = {
    "adnexa": "Has the tumour grown into the adnexa?",
    "pelvic": "Has the tumour grown into other tissue of the pelvis?",
    "abdominal_sites": "Into how many tissues of the abdomen has the tumour grown?",
    "nodes": "Are pelvic or para-aortic lymph nodes involved?",
    "bladder_rectum": "Has the tumour grown into bladder or rectum?",
    "distant": "Has the tumour spread to distant organs?",
}
_ASKS: Final = {
    "site_group": SITE,
    "size_mm": SIZE,
    "grade": GRADE,
    "t": Ask("t", "Which T is right, the stated one or that of the size?", "staging t=NUMBER"),
    "n": Ask("n", "Are regional lymph nodes involved?", "staging n=NUMBER"),
    "m": Ask("m", "Has the tumour spread to distant organs?", "staging m=NUMBER"),
    **{
        name: Ask(name, question, f"""staging figo_extent='{{"{name}":VALUE}}'""")
        for name, question in _EXTENTS.items()
    },
}


@check(of=(Staging,))
def stated_stage_agrees(case: Facts, on: date, *, scales: Scales, authority: Authority, edition: Edition) -> Answer:
    """The stage that a staging states is the one that follows from size, spread and grade, or from the extent.

    *authority* and *edition* say whose table is meant where no staging of the course does. The uterus is judged by
    FIGO. A stage without its letter agrees with each that has one. Nothing is asked where no stage is stated, and
    where no table is held; where what is known allows the stated stage and others, the answer is *unknown*.
    """
    asked = case.asked
    if asked is None or not isinstance(asked.record, Staging):
        return NOT_ASKED
    if asked.record.stage_group is None and asked.record.figo_stage is None:
        return NOT_ASKED
    computed = computed_stage(case, scales, authority=authority, edition=edition)
    field = "figo_stage" if isinstance(computed, FigoStage) and asked.record.figo_stage else "stage_group"
    stated = getattr(asked.record, field)
    if stated is None or NO_TABLE in computed.flags:
        return NOT_ASKED
    needs = "the stage that follows from what is on record"
    found = f"stage {echoed(stated)} of {dated(asked, on)}; what follows is {in_words(computed)}"
    read = _STATED.fullmatch(stated.strip())
    if read is None:
        return undecided(needs, found, (_which(asked, field, stated),), (asked.line,))
    roman, letter = _ROMAN.get(read[1], read[1].upper()), read[2].upper()
    agreeing = [group for group in computed.still_possible if _agrees(roman, letter, group)]
    if not agreeing:
        return not_met(needs, found, _fix(computed, field), (asked.line,))
    if not computed.settled_by or (not computed.none_possible and len(agreeing) == len(computed.still_possible)):
        return MET
    return undecided(needs, found, [_ASKS[name] for name in computed.settled_by], (asked.line,))


def _agrees(roman: str, letter: str, group: str) -> bool:
    return group == roman + letter or (not letter and group.rstrip("ABC") == roman)


def _which(asked: Event, field: str, stated: str) -> Ask:
    return about(asked, field, f"Which stage is meant by {echoed(stated)}?", "IIIA")


def _fix(computed: Stage, field: str) -> str:
    return f"staging {field}={computed.certain}" if computed.certain is not None else ""
