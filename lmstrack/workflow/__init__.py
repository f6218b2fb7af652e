"""A workflow file: read strictly, checked whole, and refused with every fault at once."""

from lmstrack.workflow.files import released, workflow_file
from lmstrack.workflow.loaded import CitedSource, Workflow
from lmstrack.workflow.loading import load_workflow, workflow_from
from lmstrack.workflow.model import printed_schema, schema

__all__ = [
    "CitedSource",
    "Workflow",
    "load_workflow",
    "printed_schema",
    "released",
    "schema",
    "workflow_file",
    "workflow_from",
]
