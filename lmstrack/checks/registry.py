"""The named checks that a workflow file may use, and how its parameters are tied to them."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import GenericAlias, MappingProxyType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from pydantic import TypeAdapter, ValidationError

from lmstrack.errors import InvalidData
from lmstrack.records.faults import did_you_mean, echoed
from lmstrack.rules import Answer
from lmstrack.staging.scales import Scales

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from lmstrack.facts import Facts
    from lmstrack.records import Record

C = TypeVar("C", bound=Callable[..., Answer])

_REGISTERED: dict[str, Callable[..., Answer]] = {}

CHECKS: Mapping[str, Callable[..., Answer]] = MappingProxyType(_REGISTERED)
"""Every check by its name, as the workflow file writes it after ``check:``."""


class Concern(NamedTuple):
    """What a check is about: of everything else it answers ``NOT_ASKED``, so that it need not even be called.

    *kinds* are those of the judged event, *treating* a treatment that it holds, planned or done, as `treatments` calls
    it. *at* are the sites of the tumour, or the parameter that names them; a site that is not known is always asked.
    None: of any.
    """

    kinds: frozenset[str] | None = None
    treating: str | None = None
    at: frozenset[str] | str | None = None


_CONCERNS: dict[Callable[..., Answer], Concern] = {}
_OF_ANYTHING = Concern()


@overload
def check(function: C, /) -> C: ...
@overload
def check(
    *, of: Collection[type[Record]] = ..., treating: str | None = ..., at: Collection[str] | str | None = ...
) -> Callable[[C], C]: ...
def check(
    function: C | None = None,
    /,
    *,
    of: Collection[type[Record]] = (),
    treating: str | None = None,
    at: Collection[str] | str | None = None,
) -> C | Callable[[C], C]:
    """Let workflow files use this function under its own name.

    It is called as ``function(case, on, **parameters)``. *case* holds the facts up to the day,
    ``case.asked`` the event that is judged, *on* its day. A check about an event of one kind answers
    ``NOT_ASKED`` for every other kind. What it can know of that beforehand it says here, so that nobody calls it in
    vain: *of* are the kinds of event, *treating* a treatment that the event holds, *at* the sites of the tumour, or the
    parameter that names them.
    """

    def register(registered: C) -> C:
        _REGISTERED[registered.__name__] = registered
        kinds = frozenset(each.kind for each in of) or None
        sites = at if at is None or isinstance(at, str) else frozenset(at)
        _CONCERNS[registered] = Concern(kinds, treating, sites)
        return registered

    return register if function is None else register(function)


def concern(judge: Callable[..., Answer]) -> Concern:
    """What a check is about, its parameters tied to it; anything that is no check is about everything.

    >>> sorted(concern(bound("seen_by_team_of_the_site", {"sites": "uterus"})).at)
    ['uterus']
    """
    if not isinstance(judge, partial):
        return _OF_ANYTHING
    said = _CONCERNS.get(judge.func, _OF_ANYTHING)
    if not isinstance(said.at, str):
        return said
    named = judge.keywords[said.at]
    return said._replace(at=frozenset((named,) if isinstance(named, str) else named))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a check: its type, whether it takes several values, and those that are listed."""

    name: str
    annotation: Any
    many: bool
    values: tuple[str | int, ...]
    words: str


@cache
def parameters(name: str) -> Mapping[str, Parameter]:
    """The parameters of a check in the order of its signature; InvalidData where there is no such check.

    Scales are none: whoever loads a workflow gives them, and no file can.

    >>> parameters("adult_at_referral")["age_years"].words
    'whole number'
    """
    function = _named(name)
    hints = get_type_hints(function, include_extras=True)
    taken = inspect.signature(function).parameters.values()
    found = {
        each.name: _parameter(each.name, hints[each.name])
        for each in taken
        if each.kind is inspect.Parameter.KEYWORD_ONLY and hints[each.name] is not Scales
    }
    return MappingProxyType(found)


def described_parameters(name: str) -> Mapping[str, str]:
    """What each parameter of a check takes, in words.

    >>> described_parameters("imaging_on_record")["adequate"]
    'true or false'
    """
    return {parameter.name: parameter.words for parameter in parameters(name).values()}


def bound(name: str, given: Mapping[str, object], scales: Scales | None = None) -> Callable[[Facts, date], Answer]:
    r"""Tie the parameters of a workflow file to a check, so that only the case and the day are left to give.

    One value is accepted where several may stand. A check that looks up in *scales* needs them. Raises
    InvalidData with every fault: no such check, a parameter that it does not have, one that is missing, one of a
    wrong type or value.

    >>> bound("biopsy_centre_accepted", {"region": "primary"})
    Traceback (most recent call last):
    ...
    lmstrack.errors.InvalidData: Use check biopsy_centre_accepted: there is no parameter 'region'
    """
    function = _named(name)
    wanted = parameters(name)
    faults = [
        f"there is no parameter {echoed(key)}{did_you_mean(str(key), wanted)}" for key in given if key not in wanted
    ]
    values: dict[str, object] = {"scales": scales} if _looks_up(name) else {}
    for parameter in wanted.values():
        if parameter.name not in given:
            faults.append(f"{parameter.name} is missing ({parameter.words})")
            continue
        read, wrong = _read(parameter, given[parameter.name])
        values[parameter.name] = read
        faults += [f"{parameter.name}: {fault}" for fault in wrong]
    if faults:
        raise InvalidData(f"Use check {name}", faults)
    return partial(function, **values)


@cache
def _looks_up(name: str) -> bool:
    return get_type_hints(_named(name)).get("scales") is Scales


def _named(name: str) -> Callable[..., Answer]:
    try:
        return CHECKS[name]
    except KeyError:
        raise InvalidData(f"Use check {name}", [f"there is no such check{did_you_mean(name, CHECKS)}"]) from None


def _parameter(name: str, annotation: Any) -> Parameter:
    many = get_origin(annotation) is Collection
    one = get_args(annotation)[0] if many else annotation
    bare = get_args(one)[0] if get_origin(one) is Annotated else one
    values = get_args(bare) if get_origin(bare) is Literal else ()
    if values:
        words = f"{'some of' if many else 'one of'} {', '.join(map(str, values))}"
    else:
        words = {bool: "true or false", int: "whole number", float: "number", str: "text"}[bare]
        words = f"list: {words}" if many else words
    return Parameter(name, annotation, many, values, words)


@cache  # several checks share a type, and building its validator is what costs
def _validator(annotation: Any) -> TypeAdapter[Any]:
    if get_origin(annotation) is Collection:
        annotation = GenericAlias(tuple, (get_args(annotation)[0], ...))
    return TypeAdapter(annotation)


def _read(parameter: Parameter, value: object) -> tuple[object, list[str]]:
    if parameter.many:
        value = tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)
    try:
        read = _validator(parameter.annotation).validate_python(value, strict=True)
    except ValidationError as error:
        return None, [_said(parameter, detail["input"]) for detail in error.errors(include_url=False)]
    if not isinstance(read, tuple):
        return read, list(_impossible(parameter, read))
    return tuple(dict.fromkeys(read)), []


def _said(parameter: Parameter, value: object) -> str:
    if parameter.values:
        hint = did_you_mean(value, parameter.values) if isinstance(value, str) else ""
        return f"{echoed(value)} is not one of {', '.join(map(str, parameter.values))}{hint}"
    wanted = parameter.words.removeprefix("list: ")
    return f"{echoed(value)} is not {'a ' if wanted.endswith('number') else ''}{wanted}"


def _impossible(parameter: Parameter, value: object) -> Iterable[str]:
    # Every number of the pathway is an age, a length of time or a size.
    if isinstance(value, int | float) and not (value >= 0 and math.isfinite(value)):
        yield f"{echoed(value)} is not a {parameter.words} of 0 or more"
