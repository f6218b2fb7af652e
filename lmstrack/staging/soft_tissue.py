"""Stage groups of soft tissue sarcoma outside the uterus, by AJCC and UICC, and the groups that stay possible."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from lmstrack.errors import InvalidData
from lmstrack.records.faults import did_you_mean, echoed
from lmstrack.staging.bands import exact, refuse_impossible, value_in
from lmstrack.staging.possible import only, weighed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lmstrack.staging.bands import Band

Authority = Literal["AJCC", "UICC"]
Edition = Literal["8", "9"]
Prefix = Literal["c", "p", "yc", "yp"]

#: Every value that a category can have; X is looked at and not assessable, which is not the same as not known.
CATEGORIES: Final = {
    "t": ("0", "1", "2", "3", "4", "X"),
    "n": ("0", "1", "X"),
    "m": ("0", "1"),
    "grade": ("1", "2", "3", "X"),
}
GRADE_UNKNOWN: Final = "grade_unknown"
NODES_NOT_ASSESSED: Final = "nodes_not_assessed"
T_DIFFERS_FROM_SIZE: Final = "t_differs_from_size"
NO_TABLE: Final = "no_table"

_ASKED: Final = "Find the stage group"
_LETTERS: Final = {"t": "T", "n": "N", "m": "M", "grade": "G"}


class Group(NamedTuple):
    """What the table says: a *group*, or None with a *flag* and the reason (*because*)."""

    group: str | None
    flag: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: the group where every fact named in *when* has one of the values."""

    gives: Group
    when: Mapping[str, frozenset[str]]

    def holds(self, facts: Mapping[str, str]) -> bool:
        """Whether the line is for these facts."""
        return all(facts[name] in values for name, values in self.when.items())


@dataclass(frozen=True, slots=True, eq=False)
class SoftTissue:
    """The table as its file gives it; of its *lines* the first that holds decides.

    *sizes* gives T by the greatest dimension in mm. *sites* have groups, *without_group* says why others have none.
    *editions* are those held of each authority, the first of which is taken where nobody says which. *read_in* is
    where the table of each authority was read.
    """

    sizes: tuple[Band, ...]
    lines: tuple[Line, ...]
    sites: tuple[str, ...]
    without_group: Mapping[str, Group]
    editions: Mapping[str, tuple[str, ...]]
    read_in: Mapping[str, str]

    @property
    def authority(self) -> str:
        """Whose stage it is where nobody says."""
        return next(iter(self.editions))

    def t_of(self, size_mm: float) -> str:
        """The T category of a size."""
        return str(value_in(self.sizes, exact(size_mm)))

    def looked_up(self, facts: Mapping[str, str]) -> Group:
        """What the table says where everything is known."""
        without = self.without_group.get(facts["site_group"])
        return without or next(line.gives for line in self.lines if line.holds(facts))


@dataclass(frozen=True, slots=True)
class StageGroup:
    """The answer of the calculator, and what it was found from.

    *group* is None while more than one answer is possible, and where there is none: then *reason* says why, and
    *flags* hold its name. *still_possible* are all groups that what is not known still allows; *none_possible* says
    that it may also turn out that no group is defined. *settled_by* names the facts that would settle it.

    *t*, *n*, *m* and *grade* are what was used, None where it is not known; X is what cannot be assessed. A *t* that
    was not stated is that of the size. *prefix* is c, p, yc or yp as it was stated, and changes nothing here.
    """

    group: str | None
    still_possible: tuple[str, ...]
    none_possible: bool
    settled_by: tuple[str, ...]
    flags: tuple[str, ...]
    reason: str
    authority: str
    edition: str
    site_group: str | None
    prefix: str | None
    t: str | None
    n: str | None
    m: str | None
    grade: str | None
    source: str

    @property
    def certain(self) -> str | None:
        """The one stage that follows, None where there are several or none."""
        return self.group

    @property
    def system(self) -> str:
        """Whose stage of which edition it is."""
        return f"{self.authority} {self.edition}"

    @property
    def categories(self) -> str:
        """The categories that are known, such as ``pT2 N0 M0 G3``."""
        known = ((letter, getattr(self, name)) for name, letter in _LETTERS.items())
        said = " ".join(f"{letter}{value}" for letter, value in known if value is not None)
        return f"{self.prefix or ''}{said}" if said else ""


def soft_tissue_group(
    scale: SoftTissue,
    *,
    site_group: str | None = None,
    size_mm: float | None = None,
    t: str | int | None = None,
    n: str | int | None = None,
    m: str | int | None = None,
    grade: str | int | None = None,
    prefix: str | None = None,
    authority: str | None = None,
    edition: str | None = None,
) -> StageGroup:
    """The stage group, and the groups still possible. None is not known; X is what cannot be assessed.

    *size_mm* is the greatest dimension, *grade* FNCLCC 1 to 3. Where *t* and *size_mm* are both given and differ,
    both stay possible. The sources are named in the file of the table.

    Raises `InvalidData` for a value that there is not, naming the nearest; `Impossible` for a size of nought or less.
    """
    faults: list[str] = []
    stated = {name: _category(name, value, faults) for name, value in (("t", t), ("n", n), ("m", m), ("grade", grade))}
    site = _listed("site_group", site_group, (*scale.sites, *scale.without_group), faults)
    whose = _listed("authority", authority, tuple(scale.editions), faults) or scale.authority
    which = edition or scale.editions[whose][0]
    _listed("edition", which, get_args(Edition), faults)
    _listed("prefix", prefix, get_args(Prefix), faults)
    if faults:
        raise InvalidData(_ASKED, faults)
    refuse_impossible(_ASKED, "size_mm", size_mm, above=0)
    flags = [flag for name, flag in (("grade", GRADE_UNKNOWN), ("n", NODES_NOT_ASSESSED)) if stated[name] == "X"]
    allowed_t = _allowed_t(scale, site, stated["t"], size_mm, flags)
    if which in scale.editions[whose]:
        outcomes, decisive = _weighed(
            scale,
            whose,
            (site,) if site is not None else (*scale.sites, *scale.without_group),
            allowed_t,
            *(_allowed(name, stated[name]) for name in ("n", "m", "grade")),
        )
    else:
        outcomes, decisive = (Group(None, NO_TABLE, f"no table of {whose} {which} is held here."),), ()
    groups = tuple(sorted({each.group for each in outcomes if each.group is not None}, key=group_order))
    without = [each for each in outcomes if each.group is None]
    if not groups:
        flags += dict.fromkeys(each.flag for each in without)
    known_t = only(allowed_t)
    return StageGroup(
        group=None if without else only(groups),
        still_possible=groups,
        none_possible=bool(without),
        settled_by=tuple("size_mm" if name == "t" and stated["t"] is None else name for name in decisive),
        flags=tuple(flags),
        reason="" if groups else " ".join(dict.fromkeys(each.because for each in without)),
        authority=whose,
        edition=which,
        site_group=site,
        prefix=prefix,
        t=known_t,
        n=stated["n"],
        m=stated["m"],
        grade=stated["grade"],
        source=scale.read_in[whose],
    )


def _category(name: str, value: str | int | None, faults: list[str]) -> str | None:
    if value is None:
        return None
    said = str(value).upper().removeprefix(_LETTERS[name])
    if said in CATEGORIES[name]:
        return said
    near = f"; did you mean '{said[0]}'?" if said[:1] in CATEGORIES[name] else ""
    if name == "t" and said[1:] in {"A", "B"}:
        near = "; the letters belong to the seventh edition, whose T2 is T2, T3 or T4 here: give size_mm instead"
    faults.append(f"{name}: {echoed(value)} is not one of {', '.join(CATEGORIES[name])}{near}")
    return None


def _listed(name: str, value: str | None, choices: Sequence[str], faults: list[str]) -> str | None:
    if value is not None and value not in choices:
        faults.append(f"{name}: {echoed(value)} is not one of {', '.join(choices)}{did_you_mean(value, choices)}")
        return None
    return value


def _allowed(name: str, value: str | None) -> tuple[str, ...]:
    return CATEGORIES[name] if value is None else (value,)


def _allowed_t(
    scale: SoftTissue, site: str | None, t: str | None, size_mm: float | None, flags: list[str]
) -> tuple[str, ...]:
    # Where a site has no groups its T has other bounds too.
    if size_mm is None or site in scale.without_group:
        return _allowed("t", t)
    measured = scale.t_of(size_mm)
    if t is None or t == measured:
        return (measured,)
    flags.append(T_DIFFERS_FROM_SIZE)
    return (t, measured)


@lru_cache(maxsize=4096)
def _weighed(
    scale: SoftTissue,
    authority: str,
    sites: tuple[str, ...],
    t: tuple[str, ...],
    n: tuple[str, ...],
    m: tuple[str, ...],
    grade: tuple[str, ...],
) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    allowed = {"site_group": sites, "t": t, "n": n, "m": m, "grade": grade, "authority": (authority,)}
    return weighed(allowed, scale.looked_up)


def group_order(group: str) -> tuple[int, str]:
    """Where a group stands among the others.

    >>> sorted(["IV", "IIIB", "II", "IA", "IIIA"], key=group_order)
    ['IA', 'II', 'IIIA', 'IIIB', 'IV']
    """
    roman = group.rstrip("ABC")
    return (("I", "II", "III", "IV").index(roman), group[len(roman) :])
