"""A workflow file: read strictly, checked whole, and refused with every fault at once.

What reads and checks a file is loaded when it is first asked for: a list from the caches needs no workflow.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from lmstrack.workflow.files import released, story_texts, workflow_file
from lmstrack.workflow.loaded import CitedSource, Claim, Workflow
from lmstrack.workflow.overlay import PIN, Change, Overlay
from lmstrack.workflow.site import Site

if TYPE_CHECKING:
    from lmstrack.workflow.loading import load_workflow, workflow_from
    from lmstrack.workflow.model import printed_schema, schema
    from lmstrack.workflow.overlay_file import printed_overlay_schema

__all__ = [
    "PIN",
    "Change",
    "CitedSource",
    "Claim",
    "Overlay",
    "Site",
    "Workflow",
    "load_workflow",
    "printed_overlay_schema",
    "printed_schema",
    "released",
    "schema",
    "story_texts",
    "workflow_file",
    "workflow_from",
]
_HOME = {
    "load_workflow": "loading",
    "workflow_from": "loading",
    "schema": "model",
    "printed_schema": "model",
    "printed_overlay_schema": "overlay_file",
}


def __getattr__(name: str) -> object:
    """Load what reads and checks files when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
