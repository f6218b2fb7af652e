"""Plans, strands and phases: what they name exists, every plan can be chosen, no case is left without one."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING

from lmstrack.plans import Phase, Plan, Service, Strand, chosen_plan, possible_for
from lmstrack.workflow.expecting import DATED_BY_THE_RECORD, Services, opening_of
from lmstrack.workflow.faults import echoed, listed, nearest, where
from lmstrack.workflow.fields import FACT_VALUES, NEVER_UNKNOWN, PLAN_FACTS, Selection
from lmstrack.workflow.scheduled import ExpectationEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lmstrack.dates import Interval, Rhythm
    from lmstrack.workflow.faults import Faults, Place
    from lmstrack.workflow.ruled import Rulebook
    from lmstrack.workflow.scheduled import PhaseEntry, PlanEntry, StrandEntry
    from lmstrack.workflow.shape import Shaped

_OF_PHASES = ("every", "until", "once", "nominal")


class Planner:
    """Makes the plans and expectations of one file; *switched_off* are the expectations that a site does not follow."""

    def __init__(self, shaped: Shaped, book: Rulebook, faults: Faults) -> None:
        self._shaped = shaped
        self._book = book
        self._faults = faults
        self._services = Services(faults)
        self._sound = True
        self.plans = tuple(self._plan(name, entry) for name, entry in shaped.file.plans.items())
        if {"plans", "states"} <= shaped.whole and self._sound:
            self._judge()
        self.expectations = tuple(
            self._strand(name, entry, ("expectations", name)) for name, entry in shaped.file.expectations.items()
        )
        self.switched_off = frozenset(name for name, entry in shaped.file.expectations.items() if entry.switched_off)

    def _plan(self, name: str, entry: PlanEntry) -> Plan:
        place = ("plans", name)
        before = len(self._faults)
        states = self._shaped.file.states
        declared = self._shaped.declared.get("states", ())
        if entry.during not in declared:
            said = f"plans {name}: there is no state '{entry.during}'{nearest(entry.during, declared)}"
            self._faults.add(said, *place, "during")
        elif entry.during in states and states[entry.during].final:
            said = f"plans {name} runs during '{entry.during}', which is final: nothing is due there."
            self._faults.add(said, *place, "during")
        selects = self._selects(entry.selects, place)
        self._sound &= len(self._faults) == before
        self._book.reasoned(entry, (*entry.selects, *_OF_PHASES), *place)
        strands = tuple(
            self._strand(strand, each, (*place, "strands", strand)) for strand, each in entry.strands.items()
        )
        for strand in strands:
            for fact, allowed in strand.selects.items():
                if fact in selects and not allowed & selects[fact]:
                    at = (*place, "strands", strand.name)
                    said = f"{where(at)} can never run: its plan is for other values of {fact}."
                    self._faults.add(said, *at, "for")
                    self._sound = False
        return Plan(
            name=name,
            says=entry.says,
            during=entry.during,
            selects=selects,
            strands=strands,
            source=self._book.cited(entry.source, *place),
            chosen=dict(entry.chosen),
        )

    def _strand(self, name: str, entry: StrandEntry | ExpectationEntry, place: tuple[str, ...]) -> Strand:
        expected = entry if isinstance(entry, ExpectationEntry) else None
        opened_by = None if expected is None else expected.opened_by
        done_by = entry.done_by if isinstance(entry.done_by, tuple) else (entry.done_by,)
        fields = [field for service in done_by for field in service.model_extra or {}]
        self._book.reasoned(entry, (*fields, *entry.selects, *_OF_PHASES), *place)
        if not entry.phases and opened_by not in DATED_BY_THE_RECORD:
            self._faults.add(f"{where(place)}: without phases nobody knows when it is due.", *place, "phases")
        if entry.phases and opened_by in DATED_BY_THE_RECORD:
            said = f"{where(place)}: the record says when it is due, so phases must be empty."
            self._faults.add(said, *place, "phases")
        self._judge_phases(entry.phases, place)
        first, *others = self._services_of(entry, place)
        opening = None
        if expected is not None:
            opening = opening_of(expected, tuple(others), self._services, self._shaped, place)
            if expected.switched_off and "switched_off" not in entry.chosen:
                said = f"{where(place)} is switched off, so chosen: must say why."
                self._faults.add(said, *place, "switched_off")
        return Strand(
            name=name,
            rule=self._book.named(entry.rule, *place, "rule"),
            says=entry.says,
            source=self._book.cited(entry.source, *place),
            done_by=first,
            phases=tuple(self._phase(phase, (*place, "phases", number)) for number, phase in enumerate(entry.phases)),
            group=entry.group,
            next_action=entry.next_action,
            opened_by=opened_by,
            opening=opening,
            chosen=dict(entry.chosen),
            selects=self._selects(entry.selects, place),
        )

    def _phase(self, phase: PhaseEntry, place: Place) -> Phase:
        rule = None if phase.rule is None else self._book.named(phase.rule, *place, "rule")
        return Phase(phase.every, phase.until, phase.once, rule, phase.nominal, phase.nominal_grade_1)

    def _selects(self, given: Mapping[str, tuple[object, ...]], place: Place) -> dict[str, frozenset[object]]:
        read = self._services.values(Selection(None, PLAN_FACTS), given, (*place, "for"))
        return {name: frozenset(values) for name, values in read.items()}

    def _services_of(self, entry: StrandEntry | ExpectationEntry, place: Place) -> list[Service]:
        """What fulfils a strand; an expectation may list several."""
        at = (*place, "done_by")
        if isinstance(entry, ExpectationEntry):
            return list(self._services.events(entry.done_by, at))
        done_by = entry.done_by
        never, unless = (entry.never, (*place, "never")), (entry.unless_counted, (*place, "unless_counted"))
        return [self._services.read(done_by.kind, done_by.model_extra or {}, never, unless, ("on",), at)]

    def _judge_phases(self, phases: Sequence[PhaseEntry], place: Place) -> None:
        for number, sentence in _wrong_phases(phases):
            at = (*place, "phases", number)
            self._faults.add(f"{where(at)}: {sentence}", *at)

    def _judge(self) -> None:
        for during in dict.fromkeys(plan.during for plan in self.plans):
            running: dict[str, set[str]] = {}
            without: dict[str, dict[str, object]] = {}
            for case in _cases():
                choice = chosen_plan(self.plans, during, case)
                strands = () if choice is None else choice.plan.strands
                named = {strand.name for strand in strands if possible_for(strand.selects, case)}
                plan = "" if choice is None else choice.plan.name
                running.setdefault(plan, set()).update(named)
                if not named:
                    without.setdefault(plan, case)
            for each in self.plans:
                if each.during == during and each.name not in running:
                    said = f"plans {each.name} can never be selected: the plans before it take every such case."
                    self._faults.add(said, "plans", each.name)
                elif each.during == during:
                    self._judge_strands(each, running[each.name])
            for plan, case in without.items():
                self._left_out(plan, during, case)

    def _judge_strands(self, plan: Plan, running: set[str]) -> None:
        for strand in plan.strands:
            if strand.name not in running:
                at = ("plans", plan.name, "strands", strand.name)
                said = f"{where(at)} can never run: the plans before its own take every such case."
                self._faults.add(said, *at, "for")

    def _left_out(self, plan: str, during: str, case: Mapping[str, object]) -> None:
        """Tell of the first case of which the facts leave nothing to run: no plan, or no strand of the *plan*."""
        known = listed((f"{name} {echoed(value)}" for name, value in case.items() if value is not None), "and")
        what, place = (f"plans {plan}: no strand", ("plans", plan)) if plan else ("plans: no plan", ("plans",))
        self._faults.add(
            f"{what} runs during {during} for a case with {known}; nothing would ever be due for it.", *place
        )


def _cases() -> Iterator[dict[str, object]]:
    """Every combination of the facts that select a plan, what is not known included."""
    domains = [FACT_VALUES[name] if name in NEVER_UNKNOWN else (*FACT_VALUES[name], None) for name in PLAN_FACTS]
    for values in product(*domains):
        yield dict(zip(PLAN_FACTS, values, strict=True))


def _within(point: Interval, every: Rhythm) -> bool:
    """Whether a length lies inside a range; one counted in other units does not."""
    early, late = every.earliest, every.latest
    return early.months <= point.months <= late.months and early.days <= point.days <= late.days


def _wrong_phases(phases: Sequence[PhaseEntry]) -> Iterator[tuple[int, str]]:
    """The number of a phase and what is wrong with it, so that every day belongs to exactly one of them."""
    last = len(phases) - 1
    for number, phase in enumerate(phases):
        if phase.once and last > 0:
            yield number, "what is expected a single time has one phase only."
        if number == last and phase.until is not None and not phase.once:
            yield (
                number,
                f"it ends after {phase.until} and none follows; the last phase goes on, so it has no until.",
            )
        if number < last and phase.until is None:
            yield number, "it has no until, so the phases after it would never begin."
        if not phase.once and (phase.every.earliest.months, phase.every.earliest.days) == (0, 0):
            yield number, "what repeats needs some time in between."
        for point in (phase.nominal, phase.nominal_grade_1):
            if point is not None and not _within(point, phase.every):
                yield number, f"its nominal point, {point}, lies outside {phase.every}."
    for number, (before, after) in enumerate(pairwise(phases), start=1):
        if before.until is None or after.until is None:
            continue
        longer = _longer(before.until, after.until)
        if longer is None:
            both = f"{before.until} and {after.until}"
            yield number, f"{both} cannot be compared; count both in months, or both in days."
        elif not longer:
            yield (
                number,
                f"it ends after {after.until}, but the one before it lasts {before.until}; they overlap.",
            )


def _longer(first: Interval, second: Interval) -> bool | None:
    """Whether *second* is the longer one; None where one counts months and the other days."""
    if (first.months and second.days) or (first.days and second.months):
        return None
    return (first.months, first.days) < (second.months, second.days)
