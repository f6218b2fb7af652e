"""Loading many cases at once: every row is counted, and a whole file is one transaction."""

from lmstrack.loading.deciding import decide
from lmstrack.loading.incoming import IncomingCase, IncomingEvent, IncomingPerson, Unparsed
from lmstrack.loading.reports import Amendment, KnownCase, LoadReport, Rejected
from lmstrack.loading.terms import Terms
from lmstrack.loading.writing import load

__all__ = [
    "Amendment",
    "IncomingCase",
    "IncomingEvent",
    "IncomingPerson",
    "KnownCase",
    "LoadReport",
    "Rejected",
    "Terms",
    "Unparsed",
    "decide",
    "load",
]
