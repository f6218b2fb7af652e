"""Which rules of a move have to be asked of an event, and which are known beforehand not to concern it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lmstrack.checks.registry import concern
from lmstrack.records import Mdt, Surgery
from lmstrack.rules import MET, NOT_ASKED, Judgement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from lmstrack.facts import Facts
    from lmstrack.records import PlannedTreatment, Record
    from lmstrack.rules import Answer, Rule

_METASTASECTOMY = "metastasectomy"
_HELD_BY_KIND = {kind: frozenset({kind}) for kind in ("surgery", "radiotherapy", "systemic")}
_REMOVAL_OF_METASTASES = frozenset({"surgery", _METASTASECTOMY})
_NONE: frozenset[str] = frozenset()


class ToAsk(NamedTuple):
    """A rule that has to be asked, its *place* among those of the move, and the judgement where it is met."""

    place: int
    rule: Rule
    judge: Callable[[Facts, date], Answer]
    met: Judgement


class Asking(NamedTuple):
    """The rules of a move for events that are alike: *silent* has each as not asked, *to_ask* those that may say more.

    A rule that cannot say anything of such an event has its judgement here once and for all.
    """

    silent: tuple[Judgement, ...]
    to_ask: tuple[ToAsk, ...]


def treatments(record: Record) -> frozenset[str]:
    """The treatments that an event holds, planned or done, by their names in a plan; and ``metastasectomy``."""
    if isinstance(record, Mdt):
        return frozenset(_planned(record.plan)) if record.plan else _NONE
    if isinstance(record, Surgery) and record.operation == _METASTASECTOMY:
        return _REMOVAL_OF_METASTASES
    return _HELD_BY_KIND.get(record.kind, _NONE)


def _planned(plan: Iterable[PlannedTreatment]) -> Iterator[str]:
    for each in plan:
        yield each.treatment
        if each.operation == _METASTASECTOMY:
            yield _METASTASECTOMY


def asking(rules: Iterable[Rule], kind: str, held: frozenset[str], site: str | None) -> Asking:
    """How these rules are asked of an event of this kind with these treatments, of a tumour of this site.

    *site* is None where it is not known: then every site is possible.
    """
    silent: list[Judgement] = []
    to_ask: list[ToAsk] = []
    for place, rule in enumerate(rules):
        silent.append(Judgement(rule, NOT_ASKED, None))
        if rule.judge is not None and concerns(rule.judge, kind, held, site):
            to_ask.append(ToAsk(place, rule, rule.judge, Judgement(rule, MET, None)))
    return Asking(tuple(silent), tuple(to_ask))


def concerns(judge: Callable[..., Answer], kind: str, held: frozenset[str], site: str | None) -> bool:
    """Whether a check may say more of such an event than that it is not asked."""
    kinds, treating, sites = concern(judge)
    return (
        (kinds is None or kind in kinds)
        and (treating is None or treating in held)
        and (sites is None or site is None or site in sites)
    )
