"""The questions that checks ask when a fact is missing; worded once, so that they are put once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lmstrack.rules import Answer, Ask, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lmstrack.events import Event
    from lmstrack.facts import Facts

BORN = Ask("born", "When was the patient born?", "person born=DATE")
SITE = Ask("site_group", "Where does the tumour sit?", "consultation site_group=extremity")
DEPTH = Ask("depth", "Is the tumour superficial, or deep to the fascia?", "consultation depth=deep")
SIZE = Ask("size_mm", "What is the greatest dimension of the tumour, in millimetres?", "consultation size_mm=NUMBER")
MENOPAUSE = Ask(
    "menopausal_status",
    "Is the patient before, in or past the menopause?",
    "consultation menopausal_status=pre",
)
SEX = Ask("sex", "Is the patient female or male?", "person sex=female")
FERTILITY = Ask(
    "fertility_discussed_on",
    "When was it discussed with the patient what the treatment does to fertility?",
    "consultation fertility_discussed_on=DATE",
)
PRIOR_ANTHRACYCLINE = Ask(
    "prior_anthracycline_mg_m2",
    "How many mg/m² of anthracyclines were given before the referral, or 0 for none?",
    "consultation prior_anthracycline_mg_m2=NUMBER",
)
CARDIAC_HISTORY = Ask(
    "cardiac_history",
    "Has the patient had a disease of the heart?",
    "consultation cardiac_history=false",
)
MEDIASTINAL_RADIOTHERAPY = Ask(
    "prior_mediastinal_rt",
    "Has the mediastinum been irradiated before?",
    "consultation prior_mediastinal_rt=false",
)
LVEF = Ask(
    "cardiac_function", "What is the LVEF, in per cent, and when was it measured?", "cardiac_function lvef_pct=NUMBER"
)
MRI_CONTRAINDICATED = Ask(
    "mri_contraindicated",
    "Is there a reason against MRI in this patient?",
    "consultation mri_contraindicated=true",
)
GRADE = Ask("grade", "Which FNCLCC grade does the pathologist give, or why none?", "pathology grade=NUMBER")
UTERINE_GRADE = Ask("grade", "Does the pathologist call the tumour low or high grade?", "pathology uterine_grade=high")
NODES = Ask(
    "nodes_macroscopic",
    "Are lymph nodes involved, to the eye or on imaging?",
    "staging nodes_macroscopic=false",
)

#: What a kind of event is called where its name is not a word of the ward.
_CALLED: Final = {"mdt": "meeting of the MDT", "surgery": "operation", "treatment_completed": "end of treatment"}


def about(event: Event, name: str, question: str, value: str = "true", at: str | None = None) -> Ask:
    """A question about a field of one event; *at* is what the question calls the field where that differs."""
    kind = event.record.kind
    return Ask(f"{kind}.{name}", question, f"{kind} {at or name}={value}", (), event.line)


def day_of(event: Event, said: str | None = None) -> Ask:
    """A question for the day of an event of which only the month or the year is known.

    *said* is what it is called, None by its kind.
    """
    kind = event.record.kind
    return Ask(
        f"{kind}.on", f"On which day was the {said or _CALLED.get(kind, kind)}?", f"{kind} on=DATE", (), event.line
    )


def undecided(needs: str, found: str, asks: Iterable[Ask], lines: tuple[int, ...] = ()) -> Answer:
    """The rule cannot be judged until *asks* are answered.

    A missing field of an event on record is mended there, so only a question about tumour or patient gives
    a *fix*.
    """
    questions = tuple(dict.fromkeys(asks))
    fix = next((ask.record for ask in questions if ask.line is None), "")
    return Answer(Verdict.UNKNOWN, needs, found, fix, questions, lines)


def vague_day(case: Facts) -> Event | None:
    """The judged event where only its month or year is known: what else happened then is not yet seen."""
    asked = case.asked
    return asked if asked is not None and asked.precision != "day" else None
