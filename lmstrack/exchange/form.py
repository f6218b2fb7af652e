"""The exchange form: what a line says besides the fields of its kind."""

from __future__ import annotations

#: What a line says besides the fields of its kind.
ENVELOPE = (
    "case",
    "on",
    "kind",
    "source",
    "source_id",
    "departures",
    "line",
    "recorded_at",
    "recorded_by",
    "workflow",
    "as_history",
)
#: Where a kind has a field of the same name, what the line says of itself stands under the longer one.
LONGER = {"line": "event_line", "workflow": "event_workflow"}
#: Written into a file of rejects beside each row, and passed over when the mended file is read.
REASON = "rejected_because"
