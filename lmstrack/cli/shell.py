"""What a command works with: the settings, today, the tracker, and the way out for what it has to say."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from typing import TYPE_CHECKING

from lmstrack.cli import streams
from lmstrack.cli.files import no_text, sentence, unwritten, with_days
from lmstrack.cli.settings import data_folder
from lmstrack.dates import read_typed, worded
from lmstrack.errors import NotFound, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from lmstrack.cli.settings import Settings
    from lmstrack.dates import Looking, PartialDate, Precision
    from lmstrack.recording import Recorded
    from lmstrack.reports import About, Report
    from lmstrack.tracker import Tracker
    from lmstrack.versions import Versions


class Shell:
    """One run of one command.

    *written* turns true once an entry is safely in the database, so that an interrupt afterwards does not say
    that nothing was. *workflow* is the version that a refusal cites, None before a database is open.
    """

    def __init__(self, settings: Settings, command: str) -> None:
        self.settings = settings
        self.command = command
        self.written = False
        self.workflow: str | None = None
        self._banner_shown = False
        self._versions: Versions | None = None

    # ---- time

    @property
    def set_today(self) -> date | None:
        """The day that was set by hand, None where the calendar decides."""
        if not self.settings.today:
            return None
        # Read against the real day, so that "yesterday" means what it says.
        typed = read_typed(self.settings.today, today=date.today(), order=self.settings.order)  # noqa: DTZ011
        if not self._banner_shown:
            self._banner_shown = True
            where = self.settings.origins.get("today", "")
            streams.say(f"Today is set to {worded(typed.first)} ({where}). When entries are made stays real.")
        return typed.first

    @property
    def today(self) -> date:
        """Today where no database says which zone the site is in."""
        return self.set_today or date.today()  # noqa: DTZ011  # the calendar on this desk

    def day(self, typed: str, *, today: date | None = None, looking: Looking = "back") -> date:
        """The day that somebody meant."""
        return self.partial(typed, today=today, looking=looking).first

    def partial(
        self,
        typed: str,
        *,
        today: date | None = None,
        looking: Looking = "back",
        precision: Precision = "day",
    ) -> PartialDate:
        """The day, month or year that somebody meant, as exactly as it is allowed to be known."""
        return read_typed(
            typed, today=today or self.today, looking=looking, order=self.settings.order, precision=precision
        )

    # ---- the database

    def tracker(self, *, create: bool = False, zone: str | None = None) -> Tracker:
        """The tracker on this run's database; *create* makes the database where there is none."""
        from lmstrack.effort import Effort  # noqa: PLC0415
        from lmstrack.tracker import Tracker  # noqa: PLC0415  # help and completion never load the database

        where = self.settings.db
        file = database_file(where)
        fresh = file is not None and not file.exists()
        if fresh and not create:
            raise StoreUnavailable(
                f"Open {file}",
                "there is no database here.",
                "Make one with: lmstrack init, or look around with: lmstrack demo. --db names another.",
            )
        if fresh and file is not None:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = Tracker.open(
            where,
            by=self.settings.by or None,
            today=self.set_today,
            create=create,
            zone=zone,
            site=self.settings.site,
            effort=Effort(os.cpu_count() or 1, streams.PROGRESS.of("cases")),
        )
        if fresh and self.command not in {"init", "demo"}:
            streams.say(f"Made a new, empty database: {file}")
        return opened

    @property
    def versions(self) -> Versions:
        """The workflows of this run, the site's own included, where no database is needed."""
        if self._versions is None:
            from lmstrack.versions import Versions  # noqa: PLC0415  # help and completion need none
            from lmstrack.workflow import Site  # noqa: PLC0415

            site = self.settings.site
            self._versions = Versions(site=Site(site) if site is not None else None)
        return self._versions

    def about(self, tracker: Tracker) -> About:
        """Who looked, where, and with which software."""
        from lmstrack import __version__  # noqa: PLC0415
        from lmstrack.reports import About  # noqa: PLC0415

        return About(
            run_by=self.settings.by,
            zone=tracker.store.zone,
            software=f"lmstrack {__version__}",
            holidays=self.settings.holidays,
        )

    def chosen(self, tracker: Tracker, case: str, *, exact: bool = False) -> str:
        """The id of the case that was typed; raises `NotFound` without repeating a name."""
        try:
            found = tracker.resolve(case, exact=exact)
        except NotFound:
            if exact and case.isascii() and case.isdecimal():
                raise NotFound(
                    f"Find case {case[:12]}",
                    "to write, the whole id is needed, with its check digit.",
                    f"See whose it is: lmstrack show {case[:12]}",
                ) from None
            if any(sign.isdigit() for sign in case):
                raise
            raise NotFound(
                "Find a case",
                "what was typed is not the id of a case.",
                "Find it with: lmstrack case find TEXT",
            ) from None
        self.remember(found)
        return found

    def cite(self, tracker: Tracker, case: str) -> str:
        """Let a refusal name the workflow that the case is pinned to, or would be; gives that name."""
        head = tracker.store.head(case)
        self.workflow = head.workflow if head is not None and head.workflow is not None else tracker.workflow.name
        return self.workflow

    # ---- what was used last, for completion and for undo

    def remember(self, case: str, line: int | None = None) -> None:
        """Keep the id for completion and, where a line was written, what undo would take back."""
        if self.settings.no_names and line is None:
            return
        from lmstrack.cli.lately import remember  # noqa: PLC0415

        remember(data_folder(os.environ), self.settings.db, case, line)

    def entered(self, recorded: Recorded, *, dry_run: bool) -> None:
        """An entry is safely written: from here on an interrupt undoes nothing."""
        if recorded.written and not dry_run:
            self.written = True
            self.remember(recorded.event.case, recorded.event.line)

    # ---- the way out

    @property
    def terminal(self) -> bool:
        """Whether a person sees what is printed."""
        return self.settings.output is None and streams.is_terminal(sys.stdout)

    @property
    def stands_alone(self) -> bool:
        """Whether what is written will be read by itself, so that it has to carry definitions and gaps."""
        return self.settings.output is not None or self.form in {"html", "ics", "md", "xlsx"}

    @property
    def form(self) -> str:
        """The format of rows: what was asked for, else a table for a person and TSV for a program."""
        return self.settings.format or ("table" if self.terminal else "tsv")

    @property
    def wants_text(self) -> bool:
        """Whether a sentence is the better answer, because no format for programs was asked for."""
        return self.settings.format in {None, "table", "list"} and self.settings.output is None

    def emit(self, report: Report) -> None:
        """Print a report, or write it to the file that was asked for."""
        from lmstrack.reports.rendering import as_bytes  # noqa: PLC0415

        if self.settings.no_names:
            report = report.without("name", "born", "identifiers")
        form = self.form
        with_days(report, form)
        if self.settings.output is not None:
            self.keep(
                self.settings.output,
                as_bytes(report, form),
                report if form in {"csv", "tsv", "ndjson"} else None,
            )
            return
        self._print(report, form)

    def _print(self, report: Report, form: str) -> None:
        from lmstrack.reports.rendering import BINARY, SELF_CONTAINED, as_bytes, rendered  # noqa: PLC0415

        binary = getattr(sys.stdout, "buffer", None)
        if form in BINARY and (self.terminal or binary is None):
            raise no_text(self.command)
        if form in {"csv", *BINARY} and not self.terminal and binary is not None:
            sys.stdout.flush()
            streams.put_bytes(as_bytes(report, form))
        else:
            colour = streams.wants_colour(self.settings.color, sys.stdout)
            text = rendered(report, form, width=streams.width(), colour=colour)
            streams.put(streams.escaped(text) if form in {"json", "ndjson"} else text)
        if form not in SELF_CONTAINED:
            first = report.message or ("" if report.rows else report.empty)
            streams.say("\n".join(line for line in (first, *report.below) if line))

    def keep(self, file: Path, content: bytes, report: Report | None = None) -> None:
        """Write a file, and beside rows that have no room for it what they stand on."""
        from lmstrack.reports.delimited import beside  # noqa: PLC0415

        try:
            streams.write_whole(file, content)
            if report is not None and file.is_file():
                streams.write_whole(file.with_name(f"{file.name}.meta.json"), beside(report).encode())
        except OSError as error:
            raise unwritten(file, error) from None
        said = [] if report is None and not content else [f"Wrote {file}."]
        streams.say(" ".join(said))

    def line(self, text: str) -> None:
        """Print a line of an answer."""
        if self.settings.output is not None:
            self.keep(self.settings.output, sentence(text, self.form, self.command))
        else:
            streams.put(text)

    def told(self, text: str) -> None:
        """Print a sentence of an answer, on a terminal broken between words."""
        self.line(streams.broken(text, sys.stdout) if self.terminal else text)

    def json(self, answer: object) -> None:
        """Print an answer for a program."""
        text = json.dumps(answer, ensure_ascii=False, indent=2)
        if self.settings.output is not None:
            self.keep(self.settings.output, f"{text}\n".encode())
        else:
            streams.put(streams.escaped(text))

    def stream(self, lines: Iterable[str]) -> None:
        """Print lines as they come, or write them to the file that was asked for."""
        if self.settings.output is not None:
            self.keep(self.settings.output, "".join(lines).encode())
            return
        for line in lines:
            streams.put(streams.escaped(line))

    def say(self, text: str) -> None:
        """Tell a person something that is no data."""
        streams.say(text)

    def ask(self, question: str) -> bool | None:
        """A yes or no; None where nobody can be asked."""
        if self.settings.no_input or not streams.is_terminal(sys.stdin) or not streams.is_terminal(sys.stderr):
            return None
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}


def database_file(where: str) -> Path | None:
    """The file of a database, None where it is on a server or in memory."""
    from pathlib import Path  # noqa: PLC0415

    if where.startswith("sqlite://"):
        path = where.removeprefix("sqlite://").removeprefix("/")
        return Path(path) if path and path != ":memory:" else None
    return None if "://" in where or where == ":memory:" else Path(where)


def moment(known_at: date | datetime | None) -> str:
    """A known-at in words."""
    return "everything on record" if known_at is None else known_at.isoformat()
