"""The pages of ``help TOPIC``. What can be read off the code is read off it."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import TYPE_CHECKING, Final

from lmstrack.errors import ExitCode
from lmstrack.records import KINDS, field_help

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WIDTH: Final = 80
_CODES: Final = {
    ExitCode.DONE: "done",
    ExitCode.OUR_FAULT: "a fault of lmstrack itself; an id is printed, the trace is in faults.log",
    ExitCode.USAGE: "the command line cannot be understood",
    ExitCode.REFUSED: "refused by a rule; a departure may be possible",
    ExitCode.INVALID: "invalid data: a kind, field, value or date",
    ExitCode.IMPOSSIBLE: "impossible: before birth, in the future, after death",
    ExitCode.CONFLICT: "conflict: changed in the meantime, or there already",
    ExitCode.NOT_FOUND: "not found, or several fit",
    ExitCode.NOT_PERMITTED: "not permitted, or nobody answers for it",
    ExitCode.STORE: "the database cannot be used: missing, locked, of another version",
    ExitCode.FINDINGS: "findings: --fail-if-any, doctor, audit verify, workflow check, coverage",
    ExitCode.INTERRUPTED: "interrupted; nothing was written",
}


def exit_codes() -> str:
    """What each exit code means."""
    return "\n".join(["Exit codes:", *(f"  {int(code):>3}  {_CODES[code]}" for code in ExitCode)]) + "\n"


def dates() -> str:
    """How dates may be typed."""
    return f"""\
Dates, as {date(2026, 3, 4).isoformat()} or as people say them:
  2026-03-04   20260304   3 Mar   3rd march 2026   today   yesterday
  fri   last tuesday   +3mo   -2w   3 weeks ago   in 3 months

A weekday, or a day without its year, is the latest one for what was done and
the next one for a booking. The answer always shows the day that was meant.

2026-03 where a month is enough (--on, --born); 1961 where a year is (--born).
03/04/2026 is refused unless the configuration says dates.order = "dmy" or
"mdy". A bare number, a bare month and "3m" are refused: they can mean two
things.

A window may end on a day on which nobody works. The day stays; show and why
say by when to book. dates.holidays = [2026-12-25] in the configuration names
days beside Saturdays and Sundays.

--today DATE asks and records as if that were today; when an entry was made
always stays the real time. --as-of DATE looks at another day, --known-at DATE
counts only what had been entered by the end of it.
"""


def records() -> str:
    """Every kind of record, and how one is typed."""
    return "\n".join([
        "lmstrack record CASE KIND FIELD=VALUE …",
        "",
        "A field that is left out is not known, which is different from false.",
        "Lists are written with commas (components=history,examination), objects as",
        "JSON or as @FILE (plan=@plan.json). --json - reads the record as JSON.",
        "",
        "Kinds, in the order of the pathway:",
        *textwrap.wrap(", ".join(KINDS), _WIDTH - 2, initial_indent="  ", subsequent_indent="  "),
        "",
        "The fields of a kind: lmstrack help KIND",
        "",
    ])  # fmt: skip


def departures() -> str:
    """How a rule is departed from."""
    return """\
A rule that is not met refuses the entry and says what it needs, what was
found, its source, and the command that would put it right. Nothing that has
really happened is refused for good: record it with a departure.

  lmstrack record LMS-0107-8 biopsy method=core \\
      --despite LMS-DX-01 --because "biopsied elsewhere before referral" \\
      --agreed-by "Dr Example"

  mandatory rules  need --because and --agreed-by, and open a review
  expected rules   need --because
  advisory rules   only advise

Several rules: repeat --despite, and give --because (and --agreed-by) once for
all of them or once for each. The departure stays on the entry and is counted.
A rule that turns out not to be unmet is accepted and noted.
"""


def formats() -> str:
    """The formats of answers."""
    return """\
On a terminal answers are tables that fit it; columns are dropped, ids, dates
and numbers are never cut. Elsewhere they are tab-separated, a record a line.

  --format table    for people                 list    one field a line
  --format tsv      tab-separated              csv     for spreadsheets
  --format json     rows, totals, as-of        ndjson  a row a line
  --format md       Markdown

  -o FILE writes a file and takes the format from its name: .xlsx .csv .html
  .ics .tsv .json .ndjson .md .txt. Beside .csv, .tsv and .ndjson a
  FILE.meta.json says what was asked and what it adds up to.

A workbook (.xlsx) has a summary with a picture, a sheet a navigator, all rows
as programs read them, and who is left out. Its columns Outcome and Outcome on
are there to be filled in, and lmstrack import FILE --map overdue-outcomes
reads them; Row names the item. A page (.html) is one file that fetches nothing
and is sorted and filtered by keyboard. A calendar (.ics) of the worklist, of
what is overdue or of export obligations has whole days with ids and without
names; what has ended is cancelled when the calendar reads the file again.

CSV is UTF-8 with a byte-order mark and CRLF. A text that a spreadsheet would
run (it begins with = + - @ tab or CR), or that begins with ', gets a leading '
which can be taken away again. JSON: {"schema", "as_of", "known_at",
"workflow", "rows", "totals"}; the schemas are in docs/schemas. Answers go to
the standard output, everything else to the standard error. The same database
and the same day give the same bytes.
"""


TOPICS: Final[dict[str, Callable[[], str]]] = {
    "exit-codes": exit_codes,
    "dates": dates,
    "records": records,
    "kinds": records,
    "departures": departures,
    "formats": formats,
}


def kind_page(kind: str) -> str:
    """The fields of one kind, what each holds, and its values."""
    return "\n".join(_kind(kind)) + "\n"


def _kind(kind: str) -> Iterator[str]:
    meaning = " ".join((KINDS[kind].__doc__ or "").split("\n\n")[0].split())
    yield f"lmstrack record CASE {kind} FIELD=VALUE … [--on DATE]"
    yield ""
    yield from textwrap.wrap(meaning.replace("``", "").replace("*", ""), _WIDTH)
    fields = field_help(kind)
    if not fields:
        return
    yield ""
    size = max(len(each.field) for each in fields)
    for each in fields:
        values = f": {', '.join(each.values)}" if each.values else ""
        yield from textwrap.wrap(
            f"  {each.field:<{size}}  {each.holds}{values}",
            _WIDTH,
            subsequent_indent=" " * (size + 4),
            break_long_words=False,
            break_on_hyphens=False,
        )
