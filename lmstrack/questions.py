"""The ask list: what somebody has to find out before a rule can be judged or a plan chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.facts import Facts, has_one_of
from lmstrack.places import told, written
from lmstrack.records import DepartureReview, Pathology, Recurrence, Staging
from lmstrack.rules import Ask, Strength, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lmstrack.events import Event
    from lmstrack.replay import Walk
    from lmstrack.statements import FieldQuestion


def asked_of(walk: Walk) -> tuple[Ask, ...]:
    """The questions that are open at the end of a walk, each once, with every rule that waits for it."""
    facts = walk.facts
    open_questions: dict[tuple[str, int | None], Ask] = {}
    rules: dict[tuple[str, int | None], tuple[str, ...]] = {}
    for ask in (
        *_still_unknown(_rule_questions(walk), facts),
        *_field_questions(walk),
        *_still_unknown(_plan_questions(walk), facts),
        *_diagnosis_questions(facts),
    ):
        key = (ask.fact, ask.line)
        if open_questions.setdefault(key, ask) is not ask:
            rules[key] = rules.get(key, ()) + ask.rules
    for key, more in rules.items():
        fact, question, record, first, line = open_questions[key]
        open_questions[key] = Ask(fact, question, record, tuple(dict.fromkeys(first + more)), line)
    return tuple(open_questions.values())


def _still_unknown(asks: Iterable[Ask], facts: Facts) -> list[Ask]:
    """Leave out what was not known when it was asked, and is by now."""
    return [ask for ask in asks if ask.line is not None or _known(ask.fact, facts) is None]


def _rule_questions(walk: Walk) -> Iterator[Ask]:
    for step in walk.steps:
        for rule, answer, departure in step.open:
            if answer.verdict is not Verdict.UNKNOWN and answer.verdict is not Verdict.NOT_MET:
                continue  # a departure from a rule that is met after all needs no review either
            if departure is None:
                if rule.strength is Strength.ADVISORY:
                    continue  # it is shown, and nobody has to find anything out for it
                for ask in answer.asks:
                    yield Ask(ask.fact, ask.question, ask.record, (rule.id,), ask.line)
            elif rule.strength is Strength.MANDATORY:
                yield from _review(walk, step.event.line, rule.id)


def _review(walk: Walk, line: int, rule: str) -> Iterator[Ask]:
    aliases = walk.workflow.aliases
    reviewed = any(
        review.line == line and aliases.get(review.rule, review.rule) == rule
        for _, review in walk.facts.records(DepartureReview)
    )
    if not reviewed:
        yield Ask(
            "departure_review",
            f"Line {line} departs from {rule}, which is mandatory. What does the review of it say?",
            f'departure_review line={line} rule={rule} outcome="…"',
            (rule,),
            line,
        )


def _field_questions(walk: Walk) -> list[Ask]:
    """What has to be on record from one of the moves that were made on, and is not."""
    facts, fields = walk.facts, walk.workflow.fields
    names: dict[str, None] = {}
    for step in walk.steps:
        if step.move is not None and step.move.asks:
            names.update(dict.fromkeys(step.move.asks))
    asks: list[Ask] = []
    for name in names:
        wanted = fields.get(name)  # a version that was adopted later may not ask for it any more
        if wanted is None or (wanted.selects and not facts.selects(wanted.selects)):
            continue
        for question in wanted.questions:
            line = _lacking(question, facts)
            if line is not None:
                asks.append(question.put(line) if line else question.ask)
    return asks


def _lacking(wanted: FieldQuestion, facts: Facts) -> int | None:
    """None where the field is known; else the line of the event to say it of, or 0 where there is none."""
    kind, name, _, about = wanted
    if kind == "person":
        return None if getattr(facts.person, name, None) else 0
    if kind == "consultation":
        return 0 if _known(name, facts) is None else None
    held = facts.all(kind) if kind == "pathology" else facts.this_course(kind)
    if about is not None:
        held = [event for event in held if has_one_of(event.record, about)]
    for event in held:
        if getattr(event.record, name) is not None:
            return None
    return held[-1].line if held else 0


def _plan_questions(walk: Walk) -> Iterator[Ask]:
    """What would settle which plan runs, while more than one is still possible."""
    for episode in walk.courses[-1].episodes:
        if episode.end is not None or episode.workflow is None:
            continue
        choice = episode.choice
        if choice is None:
            yield Ask("plan", "No follow-up plan fits this patient. Which one is to run?", "mdt decision=…")
            continue
        for fact in choice.missing:
            question, record = _SELECTING[fact]
            yield Ask(fact, question, record, tuple(dict.fromkeys(strand.rule for strand in choice.plan.strands)))


def _diagnosis_questions(facts: Facts) -> Iterator[Ask]:
    reports = facts.all("pathology")
    if reports:
        latest = reports[-1]
        if isinstance(latest.record, Pathology) and latest.record.is_lms is False and not facts.all("not_lms"):
            yield Ask(
                "diagnosis",
                "Pathology names another diagnosis than leiomyosarcoma. Does the patient leave this pathway?",
                "not_lms diagnosis=…",
                ("LMS-DX-10",),
                latest.line,
            )
    left = facts.all("not_lms")
    if left and reports and reports[-1].clinical_order > left[-1].clinical_order and _says_lms(reports[-1]):
        yield Ask(
            "diagnosis",
            f"Pathology names leiomyosarcoma, and {told(left[-1].line)} closed the case as another. Was that wrong?",
            f"correct line={written(left[-1].line)} nature=entered_in_error",
            (),
            reports[-1].line,
        )
    yield from _recurrence_questions(facts.all("recurrence"))


def _says_lms(report: Event) -> bool:
    return isinstance(report.record, Pathology) and report.record.is_lms is True


def _recurrence_questions(recurrences: Sequence[Event]) -> Iterator[Ask]:
    if not recurrences:
        return
    latest, before = recurrences[-1], recurrences[-2] if len(recurrences) > 1 else None
    if _status(latest) == "suspected":
        yield Ask(
            "recurrence",
            "A recurrence is suspected. Is it confirmed or refuted?",
            "recurrence status=confirmed",
            (),
            latest.line,
        )
    elif _status(latest) == "refuted" and before is not None and _status(before) == "confirmed":
        # What was confirmed has opened a course; only to withdraw it brings back the follow-up of the one before.
        yield Ask(
            "recurrence",
            f"A recurrence is refuted that {told(before.line)} had confirmed. Was there never one?",
            f"correct line={written(before.line)} nature=entered_in_error",
            (),
            latest.line,
        )


def _status(event: Event) -> str | None:
    return event.record.status if isinstance(event.record, Recurrence) else None


_SELECTING = {
    "disease": ("Is the disease localised or metastatic?", "staging m=0"),
    "site_group": ("Where does the tumour sit?", "consultation site_group=…"),
    "schedule_grade": (
        "Which grade has a sarcoma pathologist reported?",
        "pathology specimen=review grade=… reviewed_by_sarcoma_pathologist=true",
    ),
}


def _graded_or_explained(facts: Facts) -> object:
    if facts.grade() is not None:
        return facts.grade()
    reports = [report for _, report in facts.records(Pathology)]
    said = [report.grade_unknown_reason for report in reports]
    if facts.site_group() == "uterus":
        said += [report.uterine_grade for report in reports]
    return next((each for each in said if each is not None), None)


def _stated(facts: Facts, name: str) -> object:
    stated = (getattr(staging, name) for _, staging in facts.records(Staging, course=True))
    return next((value for value in stated if value is not None), None)


_KNOWN: Mapping[str, Callable[[Facts], object]] = {
    "grade": _graded_or_explained,
    "schedule_grade": Facts.schedule_grade,
    "site_group": Facts.site_group,
    "size_mm": Facts.size_mm,
    "depth": Facts.depth,
    "histology": lambda facts: True if facts.histology_reported() else None,
    "nodes_macroscopic": lambda facts: _stated(facts, "nodes_macroscopic"),
    "mdt.plan": Facts.plan,
}


def _known(fact: str, facts: Facts) -> object:
    """What is known of a fact of the patient or the tumour; None where nothing is."""
    asked = _KNOWN.get(fact)
    return facts.described(fact) if asked is None else asked(facts)
