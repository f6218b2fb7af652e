"""Following the patient: visits, bookings, contacts, and why somebody is not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from lmstrack.records.base import Day, Flag, FreeText, Joined, Physical, Record, Shape, SourceLine, Text
from lmstrack.records.diagnosis import CaseCount, uncounted_mark

if TYPE_CHECKING:
    from collections.abc import Iterator

Strand = Text


class Visit(Joined):
    """The patient is seen. *components* None: not known what was done.

    *counts* is a clinician's own mark that the visit serves, or does not serve, what is due, with *because*.
    """

    kind: ClassVar[str] = "visit"
    components: tuple[Literal["history", "examination"], ...] | None = None
    mode: Literal["in_person", "video", "telephone"] | None = None
    purpose: Literal["surveillance", "wound", "other"] | None = None
    counts: Flag | None = None
    because: FreeText | None = None
    finding: FreeText | None = None

    def contradictions(self) -> Iterator[str]:
        """Want a reason for a mark."""
        yield from uncounted_mark(self.kind, counts=self.counts, because=self.because)


class Rehabilitation(Record):
    """Occupational or physical therapy begins, is reviewed, or has reached what it can."""

    kind: ClassVar[str] = "rehabilitation"
    therapy: Literal["occupational", "physical"] | None = None
    phase: Literal["started", "review", "maximal_function", "declined"] | None = None


class Recurrence(Record):
    """The tumour is suspected or shown to be back; *suspected* leaves surveillance running."""

    kind: ClassVar[str] = "recurrence"
    status: Literal["suspected", "confirmed", "refuted"]
    local: Flag | None = None
    sites: tuple[Literal["lung", "liver", "peritoneum", "bone", "other"], ...] | None = None
    lung_only: Flag | None = None
    nodule_count: CaseCount | None = None
    r0_feasible: Flag | None = None
    primary_controlled: Flag | None = None


class Booking(Record):
    """An appointment, for one strand of what is due; a later booking of the same strand replaces it."""

    kind: ClassVar[str] = "booking"
    clinical: ClassVar[bool] = False
    strand: Strand
    for_date: Day
    place: Text | None = None


class DidNotAttend(Record):
    """The patient did not come; *strand* None where it is not known to what."""

    kind: ClassVar[str] = "did_not_attend"
    clinical: ClassVar[bool] = False
    strand: Strand | None = None


class Contact(Record):
    """Somebody tried to reach the patient, and how that ended; *next_on* is the day promised for the next call."""

    kind: ClassVar[str] = "contact"
    clinical: ClassVar[bool] = False
    channel: Text | None = None
    outcome: Literal[
        "reached",
        "call_back",
        "no_answer",
        "voicemail",
        "letter_sent",
        "declined",
        "done_elsewhere",
        "wrong_number",
    ]
    next_on: Day | None = None
    strand: Strand | None = None
    note: FreeText | None = None


class Excuse(Joined):
    """What is due is declined, or not appropriate.

    *occurrence* is the line that opened the obligation, *standing* makes it hold for all that follow; with
    neither, it is the obligation of the strand that is open on the day.
    """

    kind: ClassVar[str] = "excuse"
    clinical: ClassVar[bool] = False
    strand: Strand
    occurrence: SourceLine | None = None
    standing: Flag | None = None
    reason: Literal["declined", "not_appropriate"]
    agreed_by: Text | None = None
    review_on: Day | None = None

    def contradictions(self) -> Iterator[str]:
        """Want once or for good, and a day to ask again about what is for good."""
        if self.standing and self.occurrence is not None:
            yield "excuse takes occurrence for one obligation, or standing for all that follow, and not both"
        if self.standing and self.review_on is None:
            yield "excuse with standing true needs review_on, the day to ask again"


class Suspend(Record):
    """A strand, or all of them where *strand* is None, waits; it is looked at again on *review_on*."""

    kind: ClassVar[str] = "suspend"
    clinical: ClassVar[bool] = False
    # A pause can be agreed before it begins.
    done: ClassVar[bool] = False
    strand: Strand | None = None
    because: FreeText | None = None
    review_on: Day


class Resume(Record):
    """A strand, or all of them where *strand* is None, runs again."""

    kind: ClassVar[str] = "resume"
    clinical: ClassVar[bool] = False
    done: ClassVar[bool] = False
    strand: Strand | None = None
    because: FreeText | None = None
    review_on: Day | None = None


class Assign(Record):
    """A navigator takes the case; *until* None: for good."""

    kind: ClassVar[str] = "assign"
    clinical: ClassVar[bool] = False
    # A handover can be agreed before it takes effect.
    done: ClassVar[bool] = False
    navigator: Text
    until: Day | None = None


class Transfer(Record):
    """The case goes to another centre; it leaves this one only when it is accepted there."""

    kind: ClassVar[str] = "transfer"
    clinical: ClassVar[bool] = False
    to: Text | None = None
    status: Literal["sent", "accepted", "returned"]


class LostToFollowUp(Record):
    """Nobody can reach the patient, after so many *attempts*; it is tried again on *review_on*.

    Where that is None it is tried again after as long as the workflow says.
    """

    kind: ClassVar[str] = "lost_to_follow_up"
    clinical: ClassVar[bool] = False
    attempts: Annotated[int, Physical(0, 1000)] | None = None
    review_on: Day | None = None


class Discharge(Record):
    """The follow-up ends here."""

    kind: ClassVar[str] = "discharge"
    clinical: ClassVar[bool] = False
    because: FreeText | None = None
    agreed_by: Text | None = None


class Death(Record):
    """The patient has died; *cause* None: not known to us, ``unknown``: looked for and not found."""

    kind: ClassVar[str] = "death"
    clinical: ClassVar[bool] = False
    cause: Literal["disease", "other", "unknown"] | None = None


class NotLms(Record):
    """It is not a leiomyosarcoma; *diagnosis* is what it is."""

    kind: ClassVar[str] = "not_lms"
    clinical: ClassVar[bool] = False
    diagnosis: Text | None = None


class AdoptWorkflow(Record):
    """From this day on the case is judged by another released workflow."""

    kind: ClassVar[str] = "adopt_workflow"
    clinical: ClassVar[bool] = False
    workflow: Text


class DepartureRecord(Record):
    """Why a rule was not followed, said of an event already on record, which *line* names."""

    kind: ClassVar[str] = "departure"
    clinical: ClassVar[bool] = False
    line: SourceLine
    rule: Annotated[Text, Field(max_length=100)]
    because: FreeText
    agreed_by: Text | None = None


class DepartureReview(Record):
    """A departure was looked at by others, with this outcome."""

    kind: ClassVar[str] = "departure_review"
    clinical: ClassVar[bool] = False
    line: SourceLine
    rule: Annotated[Text, Field(max_length=100)]
    outcome: FreeText
    agreed_by: Text | None = None


class Departure(Shape):
    """Why a rule is departed from by the event that carries this, and which clinician answers for it."""

    because: FreeText
    agreed_by: Text | None = None
