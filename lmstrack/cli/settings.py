"""The settings of one run: from options anywhere on the line, the environment, a file, and defaults."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lmstrack.cli.commands import TAKES_VALUE
from lmstrack.errors import InvalidData, UsageFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lmstrack.dates import Order

FORMATS: Final = ("table", "list", "tsv", "csv", "json", "ndjson", "md")
#: Formats by the extension of an output file.
EXTENSIONS: Final = {
    ".xlsx": "xlsx",
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".md": "md",
    ".html": "html",
    ".htm": "html",
    ".ics": "ics",
    ".txt": "table",
}
COLOURS: Final = ("auto", "always", "never")
ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy")

_VALUED: Final = {
    "--db": "db",
    "--today": "today",
    "--by": "by",
    "--site": "site",
    "--format": "format",
    "--output": "output",
    "-o": "output",
    "--color": "color",
}
_FLAGS: Final = {"--no-input": "no_input", "--no-names": "no_names"}
_ENVIRONMENT: Final = {"db": "LMSTRACK_DB", "today": "LMSTRACK_TODAY", "by": "LMSTRACK_BY", "site": "LMSTRACK_SITE"}
_IN_FILE: Final = ("db", "by", "site", "format", "color", "dates.order", "dates.holidays")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run works with. *origins* says for each setting where it comes from, in words.

    *today* is as it was typed, empty where the calendar decides. *site* is the folder of the site's own workflows, None
    where there is none. *output* is None for the standard output.
    *order* is how the site writes 03/04/2026, None where such dates are refused. *holidays* are days beside Saturdays
    and Sundays on which nothing can be booked.
    """

    db: str
    today: str
    by: str
    site: Path | None
    format: str | None
    output: Path | None
    color: str
    order: Order | None
    holidays: tuple[date, ...]
    no_input: bool
    no_names: bool
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked_for_json(self) -> bool:
        """Whether a program reads the answer, so that errors are told as JSON too."""
        return self.format in {"json", "ndjson"}


def parted(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Part the command line into what belongs to the command and the global options, wherever they stand.

    Of a repeated option the last counts. What follows ``--`` is left alone, and so is the value of a
    command's option.
    """
    rest: list[str] = []
    options: dict[str, str] = {}
    place = 0
    while place < len(arguments):
        word = arguments[place]
        place += 1
        if word == "--":
            return [*rest, word, *arguments[place:]], options
        name, equals, value = word.partition("=")
        if name in _VALUED:
            if not equals:
                if place == len(arguments):
                    raise UsageFault(f"Use {name}", "it needs a value.", "lmstrack --help names the global options.")
                value = arguments[place]
                place += 1
            options[_VALUED[name]] = value
        elif word in _FLAGS:
            options[_FLAGS[word]] = "yes"
        elif word.startswith("-o") and not word.startswith("--") and len(word) > len("-o"):
            options["output"] = word.removeprefix("-o").removeprefix("=")
        else:
            rest.append(word)
            if word in TAKES_VALUE and place < len(arguments):
                rest.append(arguments[place])
                place += 1
    return rest, options


def settled(options: Mapping[str, str], environment: Mapping[str, str] | None = None) -> Settings:
    """Decide each setting: option before environment before configuration file before default."""
    environment = os.environ if environment is None else environment
    where = configuration_file(environment)
    in_file = _read_file(where)
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    for name, (default, why) in _defaults(environment).items():
        variable = _ENVIRONMENT.get(name)
        if name in options:
            values[name], origins[name] = options[name], "command line"
        elif variable is not None and environment.get(variable):
            values[name], origins[name] = environment[variable], f"environment, {variable}"
        elif name in in_file:
            values[name], origins[name] = in_file[name], f"file {where}"
        else:
            values[name], origins[name] = default, why
    output = Path(values["output"]) if values["output"] not in {"", "-"} else None
    chosen = _one_of("--format", values["format"], (*FORMATS, "html", "xlsx", "ics", "txt"))
    if not chosen and output is not None:
        chosen = _by_extension(output)
        origins["format"] = "extension of the output file"
    return Settings(
        db=str(Path(values["db"]).expanduser()) if values["db"].startswith("~") else values["db"],
        today=values["today"],
        by=values["by"],
        site=Path(values["site"]).expanduser() if values["site"] else None,
        format=("table" if chosen == "txt" else chosen) or None,
        output=output,
        color=_one_of("--color", values["color"], COLOURS),
        order=_order(values["dates.order"]),
        holidays=_days("dates.holidays", values["dates.holidays"]),
        no_input=bool(values["no_input"]),
        no_names=bool(values["no_names"]),
        origins=origins,
    )


def data_folder(environment: Mapping[str, str]) -> Path:
    """The folder of this user's data: the database, the log of faults, and what was entered last."""
    if environment.get("LMSTRACK_HOME"):
        return Path(environment["LMSTRACK_HOME"])
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "lmstrack"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "lmstrack"
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "lmstrack"


def configuration_file(environment: Mapping[str, str]) -> Path:
    """Where this user's configuration is looked for; it need not exist."""
    if environment.get("LMSTRACK_CONFIG"):
        return Path(environment["LMSTRACK_CONFIG"])
    if sys.platform in {"win32", "darwin"}:
        return data_folder(environment) / "config.toml"
    return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "lmstrack" / "config.toml"


def _defaults(environment: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {
        "db": (str(data_folder(environment) / "lmstrack.db"), "default, your data folder"),
        "today": ("", "default, the calendar"),
        "by": (_system_user(environment), "default, the system's user"),
        "site": ("", "default, the released workflows alone"),
        "format": ("", "default: table on a terminal, else tsv"),
        "output": ("", "default, the standard output"),
        "color": ("auto", "default"),
        "dates.order": ("", "default: 03/04/2026 is refused"),
        "dates.holidays": ("", "default, Saturdays and Sundays alone"),
        "no_input": ("", "default"),
        "no_names": ("", "default"),
    }


def _system_user(environment: Mapping[str, str]) -> str:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if environment.get(name):
            return environment[name]
    import getpass  # noqa: PLC0415  # rarely needed, and it loads the password database

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _read_file(where: Path) -> dict[str, str]:
    try:
        text = where.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidData(f"Read {where}", [f"it cannot be read ({type(error).__name__})."]) from None
    import tomllib  # noqa: PLC0415  # most people have no such file

    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidData(f"Read {where}", [f"it is not TOML: {error}."], "Mend it, or move it away.") from None
    found = dict(_flat(told, ""))
    unknown = [name for name in found if name not in _IN_FILE]
    if unknown:
        raise InvalidData(
            f"Read {where}",
            [f"there is no setting {name}" for name in unknown],
            f"Settings: {', '.join(_IN_FILE)}.",
        )
    return found


def _flat(table: Mapping[str, object], before: str) -> Iterable[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, list):
            yield f"{before}{name}", ", ".join(map(str, value))
        else:
            yield f"{before}{name}", str(value)


def _one_of(option: str, value: str, allowed: Sequence[str]) -> str:
    if value and value not in allowed:
        raise UsageFault(f"Use {option}", f"its value is not one of {', '.join(allowed)}.")
    return value


def _order(value: str) -> Order | None:
    _one_of("dates.order", value, ORDERS)
    return next((order for order in ORDERS if order == value), None)


def _days(name: str, value: str) -> tuple[date, ...]:
    try:
        return tuple(date.fromisoformat(day) for day in value.split(", ") if day)
    except ValueError:
        raise InvalidData(
            f"Read {name}", ["it is no list of days"], "Write the days as [2026-12-25, 2026-12-26]."
        ) from None


def _by_extension(output: Path) -> str:
    found = EXTENSIONS.get(output.suffix.lower())
    if found is None:
        raise UsageFault(
            f"Write to a file that ends in {output.suffix!r}"
            if output.suffix
            else "Write to a file without an extension",
            "the format is not known from it.",
            f"End it in one of {', '.join(EXTENSIONS)}, or add --format.",
        )
    return found
