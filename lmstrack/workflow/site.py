"""The folder of a site: its overlays, which of them it has signed, and which one new cases begin with."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from lmstrack.errors import NotFound, WorkflowFaults
from lmstrack.workflow.files import SUFFIX, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lmstrack.workflow.loaded import Workflow


class _Entry(NamedTuple):
    """What the list of a folder needs of an overlay; *signed_on* is empty for a draft."""

    name: str
    signed_on: str
    file: Path


class Site:
    """The overlays in a *folder*, each known by the name inside it.

    Everything here raises `NotFound` where there is no such folder, and `WorkflowFaults` for a file in it that is no
    overlay: what cannot be read might be the one in force.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def names(self) -> tuple[str, ...]:
        """Every overlay, drafts included, in the order of their names."""
        return tuple(self._entries)

    @cached_property
    def signed(self) -> tuple[str, ...]:
        """The overlays that the site has signed, the newest signature last."""
        dated = [(entry.signed_on, in_order(entry.name), entry.name) for entry in self._entries.values()]
        return tuple(name for signed_on, _, name in sorted(dated) if signed_on)

    def load(self, name: str) -> Workflow:
        """The workflow with the overlay of this name; raise NotFound where the folder holds none."""
        from lmstrack.workflow.loading import load_workflow  # noqa: PLC0415  lists from the caches load no workflow

        entry = self._entries.get(name)
        if entry is None:
            held = f"It holds: {', '.join(self.names)}." if self.names else "It holds none."
            raise NotFound(f"Find workflow '{name[:80]}'", f"{self.folder} has no overlay of that name.", held)
        return load_workflow(entry.file)

    @cached_property
    def _entries(self) -> dict[str, _Entry]:
        if not self.folder.is_dir():
            raise NotFound(
                "Look for the site's own workflows",
                f"there is no folder {self.folder}.",
                "Name another with --site, LMSTRACK_SITE or site in the configuration file.",
            )
        found: dict[str, _Entry] = {}
        for entry in sorted(self._read(), key=lambda each: in_order(each.name)):
            if entry.name in found:
                said = f"overlay: {found[entry.name].file.name} beside it has the same name, {entry.name}."
                raise WorkflowFaults(str(entry.file), [said])
            found[entry.name] = entry
        return found

    def _read(self) -> Iterator[_Entry]:
        from lmstrack.workflow.faults import Faults  # noqa: PLC0415  as above
        from lmstrack.workflow.reader import read  # noqa: PLC0415

        for file in sorted(self.folder.glob(f"*{SUFFIX}")):
            faults = Faults()
            try:
                header = read(file.read_bytes(), faults).get("overlay")
            except OSError as error:
                raise WorkflowFaults(str(file), [f"The file cannot be opened: {error.strerror}."]) from None
            name = header.get("name") if isinstance(header, dict) else None
            if not len(faults) and not isinstance(name, str):
                faults.add("The file has no overlay with a name; a site's folder holds overlays only.")
            if len(faults) or not isinstance(header, dict):
                raise WorkflowFaults(str(file), faults.sentences())
            signed_on = header.get("signed_on")
            yield _Entry(str(name), str(signed_on) if signed_on is not None else "", file)
