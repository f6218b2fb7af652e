"""FIGO stage of leiomyosarcoma of the uterus from how far it reaches, and what that is in TNM."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.staging.bands import exact, refuse_impossible, values_in
from lmstrack.staging.possible import only, weighed
from lmstrack.staging.soft_tissue import NODES_NOT_ASSESSED, group_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from lmstrack.staging.bands import Band

ISOLATED_CELLS: Final = "isolated_tumour_cells"
NODES_CONTRADICT: Final = "nodes_contradict"
CERVIX_DOES_NOT_COUNT: Final = "cervix_does_not_count"

_ASKED: Final = "Find the FIGO stage"


@dataclass(frozen=True, slots=True)
class FigoLine:
    """A line of the scale: the *stage* where *fact* has this *value*; without a fact, wherever no line before holds.

    *t* is the T category of this local extent, None where the line is not about that. *group* is the TNM stage group,
    *with_nx* what it is while the nodes are not assessed, None where it is then none.
    """

    stage: str
    fact: str | None
    value: int
    t: str | None
    group: str
    with_nx: str | None

    def holds(self, facts: Mapping[str, int]) -> bool:
        """Whether the line is for these facts."""
        return self.fact is None or facts[self.fact] == self.value


@dataclass(frozen=True, slots=True, eq=False)
class Figo:
    """The scale as its file gives it; of its *lines* the first that holds decides.

    *sizes* and *abdominal_sites* put a size in mm and a count into the classes that the lines name. A deposit in a
    node of up to *isolated_cells_up_to_mm* counts as none. *edition* is the year, *source* where it was read.
    """

    sizes: tuple[Band, ...]
    abdominal_sites: tuple[Band, ...]
    isolated_cells_up_to_mm: Fraction
    lines: tuple[FigoLine, ...]
    edition: str
    source: str


@dataclass(frozen=True, slots=True)
class FigoStage:
    """The answer of the calculator, and what it was found from.

    *stage* is None while more than one is possible; *still_possible* are all that what is not known still allows, and
    *settled_by* names the facts that would settle it. *t*, *n* and *m* are the categories of TNM 8, None while they
    are not certain; *group* is its stage group, None also where TNM has none, which *reason* then says.
    """

    stage: str | None
    still_possible: tuple[str, ...]
    settled_by: tuple[str, ...]
    flags: tuple[str, ...]
    reason: str
    authority: str
    edition: str
    prefix: str | None
    t: str | None
    n: str | None
    m: str | None
    group: str | None
    source: str

    @property
    def certain(self) -> str | None:
        """The one stage that follows, None where there are several."""
        return self.stage

    @property
    def none_possible(self) -> bool:
        """Every extent has a stage."""
        return False

    @property
    def system(self) -> str:
        """Whose stage of which edition it is."""
        return f"{self.authority} {self.edition}"

    @property
    def categories(self) -> str:
        """The categories of TNM that are certain, such as ``T1b N0 M0``."""
        known = (("T", self.t), ("N", self.n), ("M", self.m))
        said = " ".join(f"{letter}{value}" for letter, value in known if value is not None)
        return f"{self.prefix or ''}{said}" if said else ""


class _Reached(NamedTuple):
    stage: str
    t: str | None
    group: str | None


def figo_2009(
    scale: Figo,
    *,
    size_mm: float | None = None,
    cervix: bool | None = None,
    adnexa: bool | None = None,
    pelvic: bool | None = None,
    abdominal_sites: int | None = None,
    nodes: bool | None = None,
    nodal_deposit_mm: float | None = None,
    nodes_assessed: bool | None = None,
    bladder_rectum: bool | None = None,
    distant: bool | None = None,
    prefix: str | None = None,
) -> FigoStage:
    """The stage, and the stages still possible. None is not known, which is never the same as False.

    *size_mm* is the greatest dimension. *adnexa* and *pelvic* (other pelvic tissue), *abdominal_sites* (how many
    abdominal tissues are invaded, not merely pushed aside), *nodes* (pelvic or para-aortic), *bladder_rectum* and
    *distant* say where the tumour has grown. *nodal_deposit_mm* is the greatest deposit in a node: isolated cells
    leave the nodes free. *nodes_assessed* False is NX. *cervix* is noted and changes nothing. A tumour of the ovary
    beside endometriosis is one of its own and no involvement of the adnexa. *prefix* is carried along.

    The sources are named in the scale's file. Raises `Impossible` for a size or a count that cannot be.
    """
    refuse_impossible(_ASKED, "size_mm", size_mm, above=0)
    refuse_impossible(_ASKED, "nodal_deposit_mm", nodal_deposit_mm, above=0)
    refuse_impossible(_ASKED, "abdominal_sites", abdominal_sites, least=0)
    flags: list[str] = []
    involved = _nodes(scale, nodes, nodal_deposit_mm, nodes_assessed, flags)
    not_assessed = NODES_NOT_ASSESSED in flags
    reached, settled_by = _weighed(
        scale,
        not_assessed,
        (
            ("size", values_in(scale.sizes, None if size_mm is None else exact(size_mm))),
            ("adnexa", _either(adnexa)),
            ("pelvic", _either(pelvic)),
            (
                "abdominal_sites",
                values_in(scale.abdominal_sites, None if abdominal_sites is None else exact(abdominal_sites)),
            ),
            ("nodes", _either(involved)),
            ("bladder_rectum", _either(bladder_rectum)),
            ("distant", _either(distant)),
        ),
    )
    stages = tuple(sorted({each.stage for each in reached}, key=group_order))
    groups = {each.group for each in reached}
    if cervix:
        flags.append(CERVIX_DOES_NOT_COUNT)
    return FigoStage(
        stage=only(stages),
        still_possible=stages,
        settled_by=tuple("size_mm" if name == "size" else name for name in settled_by),
        flags=tuple(flags),
        reason="while the nodes are not assessed (NX), TNM has no stage group." if groups == {None} else "",
        authority="FIGO",
        edition=scale.edition,
        prefix=prefix,
        t=only(tuple({each.t for each in reached})),
        n="X" if not_assessed else _digit(involved),
        m=_digit(distant),
        group=only(tuple(groups)),
        source=scale.source,
    )


def _nodes(
    scale: Figo, nodes: bool | None, deposit_mm: float | None, assessed: bool | None, flags: list[str]
) -> bool | None:
    """Whether nodes are involved, by all that is said of them; what excludes itself is not known."""
    said = set() if nodes is None else {nodes}
    isolated = deposit_mm is not None and exact(deposit_mm) <= scale.isolated_cells_up_to_mm
    if deposit_mm is not None:
        said.add(not isolated)
    if len(said) > 1 or (said and assessed is False):
        flags.append(NODES_CONTRADICT)
        return None
    if isolated:
        flags.append(ISOLATED_CELLS)
    if assessed is False:
        flags.append(NODES_NOT_ASSESSED)
    return next(iter(said), None)


def _either(value: bool | None) -> tuple[int, ...]:
    return (0, 1) if value is None else (int(value),)


def _digit(value: bool | None) -> str | None:
    return None if value is None else str(int(value))


@lru_cache(maxsize=4096)
def _weighed(
    scale: Figo, not_assessed: bool, allowed: tuple[tuple[str, Sequence[int]], ...]
) -> tuple[tuple[_Reached, ...], tuple[str, ...]]:
    def reached(facts: Mapping[str, int]) -> _Reached:
        first = next(line for line in scale.lines if line.holds(facts))
        local = next(line for line in scale.lines if line.t is not None and line.holds(facts))
        if not not_assessed:
            return _Reached(first.stage, local.t, first.group)
        known = next(line for line in scale.lines if line.fact != "nodes" and line.holds(facts))
        return _Reached(first.stage, local.t, known.with_nx)

    outcomes, _ = weighed(dict(allowed), reached)
    _, settled_by = weighed(dict(allowed), lambda facts: reached(facts).stage)
    return outcomes, settled_by
