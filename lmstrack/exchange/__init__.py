"""Files in and out: the exchange form, and tables by a mapping."""

from lmstrack.exchange.importing import export_events, import_file, mapping_named
from lmstrack.exchange.rejects import rejects_file

__all__ = ["export_events", "import_file", "mapping_named", "rejects_file"]
