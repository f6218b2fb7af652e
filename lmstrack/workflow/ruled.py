"""Rules, sources and settings: what each names must exist, and what it chooses must be given a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmstrack.checks import CHECKS, bound
from lmstrack.errors import InvalidData
from lmstrack.plans import Settings
from lmstrack.rules import Contrary, Rule, Source, Strength
from lmstrack.workflow.faults import echoed, nearest, where
from lmstrack.workflow.scales import scales

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from lmstrack.facts import Facts
    from lmstrack.rules import Answer
    from lmstrack.workflow.faults import Faults
    from lmstrack.workflow.model import SettingsEntry
    from lmstrack.workflow.reader import Plain
    from lmstrack.workflow.shape import Shaped
    from lmstrack.workflow.stated import Cited, RuleEntry, Sourced, Statement

_OWES_A_REASON = {"chosen", "gap"}


class Rulebook:
    """The rules of one file, and the names by which its other sections may call them."""

    def __init__(self, shaped: Shaped, faults: Faults) -> None:
        self._shaped = shaped
        self._faults = faults
        self.aliases = self._covered()
        self.rules = {name: self._rule(name, entry) for name, entry in shaped.file.rules.items()}
        for name, written in shaped.wrong_rules.items():
            self._tell_more(name, written)

    def _covered(self) -> dict[str, str]:
        """By each statement that another one covers, that other; and no statement may stand in two sections."""
        file = self._shaped.file
        sections: dict[str, Mapping[str, Statement]] = {
            "rules": file.rules,
            "fields": file.fields,
            "information": file.information,
        }
        declared = {name: section for section in sections for name in self._shaped.declared.get(section, ())}
        aliases: dict[str, str] = {}
        for section, entries in sections.items():
            for name, entry in entries.items():
                if declared.get(name, section) != section:
                    said = f"{section} {name} stands under {declared[name]} as well."
                    self._faults.add(said, section, name)
                for covered in entry.covers:
                    if covered in declared:
                        said = f"{section} {name} covers {covered}, which stands under {declared[covered]} of its own."
                    elif covered in aliases:
                        said = f"{section} {name} covers {covered}, which {aliases[covered]} already covers."
                    else:
                        aliases[covered] = name
                        continue
                    self._faults.add(said, section, name, "covers")
        return aliases

    def named(self, rule: str, *place: str | int) -> str:
        """The id of a rule that another section names by its id or by one that it covers."""
        declared = self._shaped.declared.get("rules", ())
        if rule not in declared and rule not in self.aliases:
            said = f"{where(place)}: there is no rule {rule}{nearest(rule, (*declared, *self.aliases))}"
            self._faults.add(said, *place)
        return self.aliases.get(rule, rule)

    def cited(self, source: Cited, *place: str | int) -> Source:
        """Where a statement stands, once it is known that the file says what is cited."""
        self._named_source(source.cite, *place)
        if source.status not in self._shaped.file.statuses and "statuses" in self._shaped.whole:
            said = f"{where(place)}: the status '{source.status}' is not explained under statuses."
            self._faults.add(said, *place, "source", "status")
        return Source(source.cite, source.place, source.ref, source.status)

    def _named_source(self, cite: str, *place: str | int) -> None:
        declared = self._shaped.declared.get("sources", ())
        if cite not in declared:
            said = f"{where(place)}: there is no source '{cite}'{nearest(cite, declared)}"
            self._faults.add(said, *place, "source", "cite")

    def contrary(self, entry: Statement, *place: str | int) -> tuple[Contrary, ...]:
        """What other sources say against a statement."""
        return tuple(
            Contrary(each.says, self.cited(each.source, *place, "against", number))
            for number, each in enumerate(entry.against)
        )

    def reasoned(self, entry: Sourced, also: Iterable[str], *place: str | int) -> None:
        """Every choice names something of its entry, and what the source does not settle has a reason."""
        own = [info.alias or name for name, info in type(entry).model_fields.items()]
        possible = (*also, *(name for name in own if name not in {"source", "chosen"}))
        for name in entry.chosen:
            if name not in possible:
                said = f"{where(place)}, chosen: nothing here is called '{name}'{nearest(name, possible)}"
                self._faults.add(said, *place, "chosen", name)
        if entry.source.status in _OWES_A_REASON and not entry.chosen:
            said = f"{where(place)}: the source leaves it open ({entry.source.status}), so chosen: must say why."
            self._faults.add(said, *place)

    def _rule(self, name: str, entry: RuleEntry) -> Rule:
        place = ("rules", name)
        source = self.cited(entry.source, *place)
        self.reasoned(entry, entry.given, *place)
        judge = None
        if entry.check is not None:
            judge = self._bound(name, entry.check, entry.given)
        else:
            if entry.given:
                self._faults.add(f"rules {name} gives values with: but names no check for them.", *place, "with")
            if entry.strength is not Strength.ADVISORY:
                said = f"rules {name} names no check, so nothing can judge it: it can only be advisory."
                self._faults.add(said, *place, "strength")
        return Rule(
            id=name,
            says=entry.says,
            source=source,
            strength=entry.strength,
            check=entry.check,
            parameters=dict(entry.given),
            judge=judge,
            chosen=dict(entry.chosen),
            covers=entry.covers,
            against=self.contrary(entry, *place),
        )

    def _bound(self, name: str, check: str, given: Mapping[str, object]) -> Callable[[Facts, date], Answer] | None:
        """The check with its parameters filled in; None, with what is wrong told, where that cannot be."""
        try:
            return bound(check, given, scales())
        except InvalidData as error:
            if check not in CHECKS:
                said = f"rules {name}: there is no check '{check}'{nearest(check, CHECKS)}"
                self._faults.add(said, "rules", name, "check")
                return None
            for fault in error.faults:
                end = "" if fault.endswith(("?", ".")) else "."
                self._faults.add(f"rules {name}, with: {fault}{end}", "rules", name, "with")
        return None

    def _tell_more(self, name: str, written: dict[str, Plain]) -> None:
        """What is wrong with the names in a rule that cannot be read for another reason."""
        source, check, given = written.get("source"), written.get("check"), written.get("with")
        if isinstance(source, dict) and isinstance(cite := source.get("cite"), str):
            self._named_source(cite, "rules", name)
        if isinstance(check, str):
            self._bound(name, check, given if isinstance(given, dict) else {})


def settings_of(entry: SettingsEntry, faults: Faults) -> Settings:
    """The settings, each of which has its reason."""
    names = [name for name in type(entry).model_fields if name != "chosen"]
    for name in names:
        if name not in entry.chosen:
            said = f"settings: no guideline gives {name}, so chosen: must say why it is {_shown(entry, name)}."
            faults.add(said, "settings", name)
    for name in entry.chosen:
        if name not in names:
            faults.add(
                f"settings, chosen: there is no setting '{name}'{nearest(name, names)}",
                "settings",
                "chosen",
                name,
            )
    return Settings(
        lead=entry.lead,
        grace=entry.grace,
        catch_up=entry.catch_up,
        counting_share=entry.counting_share,
        treatment_review=entry.treatment_review,
        designated_centres=entry.designated_centres,
        chosen=dict(entry.chosen),
    )


def _shown(entry: SettingsEntry, name: str) -> str:
    value = getattr(entry, name)
    return "empty" if value == () else echoed(str(value)).strip("'")
