"""What a check of workflow files found: faults, what holds, what was proved, and the dates of a sample patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lmstrack.dates import short
from lmstrack.reports.report import Column, Grouping, Report, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from lmstrack.proofs import Boundary, Checked, Proof
    from lmstrack.reports.report import Row
    from lmstrack.windows import Window


class CheckedFile(NamedTuple):
    """One file: its faults, or, where it has none, what was checked and proved, and the dates to sign."""

    name: str
    faults: tuple[str, ...] = ()
    checked: tuple[Checked, ...] = ()
    proofs: tuple[Proof, ...] = ()
    boundaries: tuple[Boundary, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing in it wants mending."""
        return not self.faults and all(each.holds for each in self.checked) and all(each.holds for each in self.proofs)


_KEYS: Final = (
    "file",
    "part",
    "name",
    "holds",
    "count",
    "says",
    "plan",
    "strand",
    "phase",
    "rule",
    "first",
    "first_due_from",
    "first_due_by",
    "last",
    "last_due_from",
    "last_due_by",
)
_COLUMNS: Final = (
    Column("group", "", "text"),
    Column("name", "What", "term"),
    Column("holds", "Holds", "id"),
    Column("says", "In words", "text", 0, 24),
)
_PARTS: Final = {
    "fault": "Faults",
    "checked": "Read strictly",
    "proved": "Proved by trying every entry in every situation",
    "story": "The shortest way around what does not hold",
    "sample": "Days to sign, for a patient who ended treatment on",
}


def check_report(files: Sequence[CheckedFile], anchor: date) -> Report:
    """A row a fault, a check, a proof, a line of a story that goes around one, and a phase of a sample patient."""
    rows: list[Row] = [row for file in files for row in _rows(file, anchor)]
    failed = sum(not proof.holds for file in files for proof in file.proofs)
    return Report(
        schema="lmstrack.check/1",
        title="Check of workflows",
        rows=rows,
        keys=_KEYS,
        columns=_COLUMNS,
        workflow=files[0].name if len(files) == 1 else None,
        totals={
            "files": len(files),
            "faults": sum(len(file.faults) for file in files),
            "proved": sum(proof.holds for file in files for proof in file.proofs),
            "refuted": failed,
            "situations": sum(_situations(file) for file in files),
        },
        more={
            "anchor": anchor.isoformat(),
            "files": [{"file": file.name, "faults": list(file.faults), "holds": file.holds} for file in files],
        },
        message="\n".join(_outcome(file) for file in files),
        grouping=Grouping(("group",), lambda row: str(row["group"])),
    )


def _outcome(file: CheckedFile) -> str:
    if file.faults:
        return f"{file.name}: {len(file.faults)} fault{'s' if len(file.faults) > 1 else ''}; nothing was proved."
    wrong = [each.name for each in file.checked if not each.holds]
    wrong += [proof.claim.name for proof in file.proofs if not proof.holds]
    if wrong:
        return f"{file.name}: no fault, but it does not hold: {', '.join(wrong)}."
    if not file.proofs:
        return f"{file.name}: no faults. It claims nothing under proofs, so nothing was proved."
    return f"{file.name}: no faults; all {len(file.proofs)} claims hold in {_situations(file)} situations."


def _situations(file: CheckedFile) -> int:
    """How many situations were looked at; the claims about the same search count it once."""
    return sum({proof.situations for proof in file.proofs})


def _rows(file: CheckedFile, anchor: date) -> Iterator[Row]:
    for number, fault in enumerate(file.faults, start=1):
        yield _row(file, "fault", f"fault {number}", holds=False, says=fault)
    for each in file.checked:
        says = each.says if each.holds else f"{each.says} But: {each.against}"
        yield _row(file, "checked", each.name, holds=each.holds, says=says, count=each.number or None)
    for proof in file.proofs:
        said = f"{proof.claim.says} {_tried(proof)}"
        yield _row(file, "proved", proof.claim.name, holds=proof.holds, says=said, count=proof.spoken_of)
    for proof in file.proofs:
        for line in proof.story:
            yield _row(file, "story", proof.claim.name, holds=None, says=line)
    for boundary in file.boundaries:
        yield _sample(file, boundary, anchor)


def _row(
    file: CheckedFile, part: str, name: str, *, holds: bool | None, says: str, count: int | None = None
) -> dict[str, str | int | bool | None]:
    group = f"{file.name}: {_PARTS[part]}"
    return {"group": group, "file": file.name, "part": part, "name": name, "holds": holds, "count": count, "says": says}


def _tried(proof: Proof) -> str:
    claim = proof.claim
    tried = f"{proof.entries} entries tried in {proof.situations} situations"
    if proof.spoken_of == 0:
        return f"{tried}, and it spoke of none of them: nothing is proved."
    if claim.kind != "never":
        return f"{tried}."
    let_pass = [*claim.moves, *(f"a departure from {rule}" for rule in claim.departures)]
    excepted = f", {proof.excepted} let pass by {' or '.join(let_pass)}" if proof.excepted else ""
    return f"{tried}; it speaks of {proof.spoken_of}{excepted}."


def _sample(file: CheckedFile, each: Boundary, anchor: date) -> Row:
    name = f"{each.strand}, phase {each.phase}"
    often = f"Once, after {each.every}" if each.once else f"Every {each.every}"
    if each.last is None or each.last_due is None:
        begins = "" if each.once else f" for all that begins from {short(each.first)} on"
        says = f"{often}{begins}: the first is due {_window(each.first_due)}."
    else:
        span = f"{short(each.first)} to {short(each.last)}"
        ends = f"the first is due {_window(each.first_due)}, the last {_window(each.last_due)}"
        says = f"{often} for what begins from {span}: {ends}."
    row = _row(file, "sample", name, holds=None, says=says)
    row["group"] = f"{row['group']} {short(anchor)}: {words(each.plan)}"
    return {
        **row,
        "plan": each.plan,
        "strand": each.strand,
        "phase": each.phase,
        "rule": each.rule,
        "first": each.first.isoformat(),
        "first_due_from": _iso(each.first_due.due_from),
        "first_due_by": _iso(each.first_due.due_by),
        "last": _iso(each.last),
        "last_due_from": None if each.last_due is None else _iso(each.last_due.due_from),
        "last_due_by": None if each.last_due is None else _iso(each.last_due.due_by),
    }


def _window(due: Window) -> str:
    if due.due_from is None or due.due_by is None:
        return "on no day that the file gives"
    return f"{short(due.due_from)} to {short(due.due_by)}"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
