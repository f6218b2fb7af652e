"""Load a workflow file, or refuse it whole with everything that is wrong in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lmstrack.errors import WorkflowFaults
from lmstrack.pathway import Pathway
from lmstrack.plans import Gap
from lmstrack.workflow.claimed import Claims
from lmstrack.workflow.faults import Faults
from lmstrack.workflow.files import SUFFIX, released, workflow_file
from lmstrack.workflow.laying import Laid, OverlayText, unknown_base
from lmstrack.workflow.loaded import CitedSource, Workflow
from lmstrack.workflow.moved import Mover
from lmstrack.workflow.planned import Planner
from lmstrack.workflow.reader import LARGEST_BYTES, read
from lmstrack.workflow.ruled import Rulebook, settings_of
from lmstrack.workflow.scales import scales
from lmstrack.workflow.shape import shaped
from lmstrack.workflow.stating import Stating

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lmstrack.pathway import Move
    from lmstrack.plans import Strand
    from lmstrack.workflow.model import Header
    from lmstrack.workflow.reader import Plain
    from lmstrack.workflow.shape import Shaped


def load_workflow(path_or_name: str | Path | None = None) -> Workflow:
    """The workflow in a file, a site's overlay included, or a released one by its name: "leiomyosarcoma-2026.1".

    Without either, the newest that is released.

    Raises WorkflowFaults with every fault, and NotFound for a name that is neither released nor a file.
    """
    path_or_name = released()[-1] if path_or_name is None else path_or_name
    path = _path(path_or_name)
    return _read_once(_content(path), str(path_or_name), path.name.removesuffix(SUFFIX))


def _path(path_or_name: str | Path) -> Path:
    path = Path(path_or_name)
    named = isinstance(path_or_name, str) and path.name == path_or_name and not path_or_name.endswith((SUFFIX, ".yml"))
    if named and (path_or_name in released() or not path.exists()):
        return workflow_file(str(path_or_name))
    return path


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise WorkflowFaults(str(path), ["This is a folder, not a file."])
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES + 1)  # one more than is allowed is enough to know
    except FileNotFoundError:
        raise WorkflowFaults(str(path), ["There is no such file."]) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is not possible"
        raise WorkflowFaults(str(path), [f"The file cannot be opened: {why}."]) from None


@lru_cache(maxsize=16)
def _read_once(content: bytes, file: str, stem: str) -> Workflow:
    return workflow_from(content, file, stem)


def workflow_from(content: bytes, file: str = "text", stem: str = "") -> Workflow:
    """The workflow that stands in *content*, alone or as an overlay; raise WorkflowFaults with every fault of it.

    *file* names it in what is raised; *stem* is the file's name without suffix, or empty.
    """
    faults = Faults()
    data = read(content, faults)
    if not data:
        if not len(faults):
            faults.add("The file has no sections.")
        raise WorkflowFaults(file, faults.sentences())
    if "overlay" in data:
        return _overlaid(data, file, faults)
    form = shaped(data, faults)
    header = form.file.workflow
    if header is not None:
        _judge_name(header, content, stem, faults)
    return _made(form, hashlib.sha256(content).hexdigest(), file, faults)


def _overlaid(data: dict[str, Plain], file: str, faults: Faults) -> Workflow:
    """A released workflow with a site's overlay, judged as a whole; every fault is told of the overlay's lines."""
    text = OverlayText(data, faults)
    if text.over is None or text.over not in released():
        if text.over is not None:
            faults.add(unknown_base(text.over, released()), "overlay", "over")
        raise WorkflowFaults(file, faults.sentences())
    below = workflow_file(text.over).read_bytes()
    below_data = _read_below(below)
    laid = Laid(text, below_data, faults)
    form = shaped(laid.data, faults)
    laid.judge(shaped(below_data, Faults()).file, form.file)
    try:
        made = _made(form, _digest_over(below, data), file, faults)
    except WorkflowFaults:
        load_workflow(text.over)  # what is wrong below is no fault of the site
        raise
    header = text.header
    if header is None:  # never: its faults were told, and refused the file
        raise WorkflowFaults(file, faults.sentences())
    return replace(made, name=header.name, version=header.version, overlay=laid.overlay(header))


def _digest_over(below: bytes, data: dict[str, Plain]) -> str:
    """The SHA-256 of a release and of what a site says over it; remarks and layout of the site's file do not count."""
    said = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{hashlib.sha256(below).hexdigest()}{said}".encode()).hexdigest()


@lru_cache(maxsize=4)
def _read_below(content: bytes) -> dict[str, Plain]:
    return read(content, Faults())


def _made(form: Shaped, digest: str, file: str, faults: Faults) -> Workflow:
    """The workflow that has this shape; raise WorkflowFaults with every fault, those found before included."""
    book = Rulebook(form, faults)
    stated = Stating(form, book, faults)
    mover = Mover(form, book, faults)
    planner = Planner(form, book, faults)
    claimed = Claims(form, book, mover.moves, faults)
    if {"rules", "moves", "plans", "expectations"} <= form.whole:
        strands = [strand for plan in planner.plans for strand in plan.strands]
        _judge_use(book, mover.moves, [*strands, *planner.expectations], faults)
    if {"fields", "moves"} <= form.whole:
        _judge_fields(stated, mover.moves, faults)
    header = form.file.workflow
    settings = settings_of(form.file.settings, faults) if form.file.settings is not None else None
    if len(faults) or settings is None:
        raise WorkflowFaults(file, faults.sentences())
    return Workflow(
        name=header.name,
        title=header.title,
        version=header.version,
        disease=header.disease,
        about=header.about,
        signed=header.signed,
        digest=digest,
        pathway=Pathway(mover.states, form.file.initial, mover.moves),
        rules=book.rules,
        fields=stated.fields,
        notes=stated.notes,
        statements=stated.statements,
        aliases=book.aliases,
        plans=planner.plans,
        expectations=tuple(each for each in planner.expectations if each.name not in planner.switched_off),
        settings=settings,
        gaps=tuple(Gap(name, gap.question, gap.reading, gap.why) for name, gap in form.file.gaps.items()),
        sources={
            name: CitedSource(name, entry.what, entry.where, entry.read) for name, entry in form.file.sources.items()
        },
        statuses={str(status): meaning for status, meaning in form.file.statuses.items()},
        claims=claimed.claims,
        scales=scales(),
    )


def _judge_use(book: Rulebook, moves: Sequence[Move], strands: Sequence[Strand], faults: Faults) -> None:
    asked = {rule for move in moves for rule in move.needs}
    scheduled = {strand.rule for strand in strands}
    scheduled |= {phase.rule for strand in strands for phase in strand.phases if phase.rule is not None}
    for name, rule in book.rules.items():
        if name in asked or (name in scheduled and rule.check is None):
            continue
        if rule.check is not None:
            faults.add(f"rules {name} is asked by no move, so its check would never be made.", "rules", name)
        else:
            faults.add(f"rules {name} is scheduled by no plan and no expectation.", "rules", name)


def _judge_fields(stated: Stating, moves: Sequence[Move], faults: Faults) -> None:
    asked = {name for move in moves for name in move.asks}
    for name, fields in stated.fields.items():
        if fields.asked is (name not in asked):
            said = "is asked by no move, and is not optional" if fields.asked else "is optional, and a move asks it"
            faults.add(f"fields {name} {said}.", "fields", name)


def _judge_name(header: Header, content: bytes, stem: str, faults: Faults) -> None:
    if not header.name.endswith(f"-{header.version}"):
        faults.add(
            f"workflow: the name '{header.name}' must end in the version, -{header.version}.",
            "workflow",
            "name",
        )
    known = released()
    if header.name in known and content != workflow_file(header.name).read_bytes():
        said = (
            f"workflow: {header.name} is released and never changes, but this file differs from it; "
            "give it a version of its own, in name and version."
        )
        faults.add(said, "workflow", "name")
    elif stem in known and header.name != stem:
        faults.add(f"workflow: the file is called {stem}, so that must be its name.", "workflow", "name")
