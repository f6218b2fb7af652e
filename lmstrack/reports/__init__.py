"""Lists and pages as text: rows in, a table, lines, TSV, CSV, JSON, NDJSON, Markdown or HTML out.

Nothing here asks a clock, a file, a database or the environment: the same report gives the same bytes.
"""

from lmstrack.reports.rendering import FORMATS, rendered
from lmstrack.reports.report import About, Cell, Column, Grouping, Report, Row

__all__ = ["FORMATS", "About", "Cell", "Column", "Grouping", "Report", "Row", "rendered"]
