"""Civil dates: adding months, what people type, how a day is worded, where a day ends.

Everything that is stored or computed is a plain `datetime.date`. Nothing here knows what day it is: *today*
is always given. No other part of the program imports pendulum, and it is imported only when it is needed,
since it would nearly double the time that a command takes to start.
"""

from lmstrack.dates.intervals import Interval, Rhythm, add_months
from lmstrack.dates.partial import PartialDate, Precision
from lmstrack.dates.readings import Looking, Order
from lmstrack.dates.typed import read_typed
from lmstrack.dates.wording import short, worded
from lmstrack.dates.working import working_day_before
from lmstrack.dates.zones import civil_day, end_of_day

__all__ = [
    "Interval",
    "Looking",
    "Order",
    "PartialDate",
    "Precision",
    "Rhythm",
    "add_months",
    "civil_day",
    "end_of_day",
    "read_typed",
    "short",
    "worded",
    "working_day_before",
]
