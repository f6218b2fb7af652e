"""Every command of this release: its words, where its code lies, what it does, its options and its examples.

The front page, completion and the reading of global options work from this table alone, so that none of them
has to load a command. A test holds it against the commands themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Command:
    """One command. *words* are what is typed; an option that takes a value ends in ``=`` in *options*.

    *takes* says what follows the words; *module* is the file of its family.
    """

    words: str
    module: str
    takes: str
    says: str
    options: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def noun(self) -> str:
        """The first word."""
        return self.words.split()[0]


@dataclass(frozen=True, slots=True)
class Group:
    """Commands that stand together on the front page."""

    title: str
    commands: tuple[Command, ...]


_ON_A_DAY = ("--as-of=", "--known-at=")
_DEPARTING = ("--despite=", "--because=", "--agreed-by=")
_PERSON = ("--name=", "--born=", "--sex=", "--id=")

GROUPS: Final = (
    Group(
        "Daily",
        (
            Command(
                "overdue",
                "lists",
                "",
                "Who is late for follow-up, and by how much.",
                (*_ON_A_DAY, "--navigator=", "--fail-if-any"),
                (
                    "lmstrack overdue",
                    "lmstrack overdue --as-of 2026-11-01 -o overdue.html",
                    "lmstrack overdue --navigator jw --format csv > overdue.csv",
                ),
            ),
            Command(
                "record",
                "recording",
                "CASE KIND [FIELD=VALUE …]",
                "Record what happened to a patient.",
                ("--on=", *_DEPARTING, "--expect=", "--dry-run", "--key=", "--json="),
                (
                    "lmstrack record LMS-0107-8 imaging region=primary modality=MRI adequate=true",
                    "lmstrack record LMS-0107-8 visit components=history,examination --on fri",
                    'lmstrack record LMS-0107-8 biopsy --despite LMS-DX-01 --because "…" --agreed-by NAME',
                ),
            ),
            Command(
                "show",
                "case_views",
                "CASE",
                "Where a patient stands: state, questions, what is due.",
                _ON_A_DAY,
                ("lmstrack show 107", "lmstrack show LMS-0107-8 --format json"),
            ),
            Command(
                "why",
                "case_views",
                "CASE [KIND|STRAND]",
                "Every rule of the next step, with its answer and source.",
                _ON_A_DAY,
                ("lmstrack why LMS-0107-8 biopsy", "lmstrack why LMS-0107-8 chest_imaging"),
            ),
            Command(
                "next",
                "case_views",
                "CASE",
                "What can be recorded next, and what stands in the way.",
                _ON_A_DAY,
                ("lmstrack next LMS-0107-8",),
            ),
            Command(
                "timeline",
                "case_views",
                "CASE",
                "What happened to a patient, line by line.",
                _ON_A_DAY,
                ("lmstrack timeline LMS-0107-8",),
            ),
            Command(
                "undo",
                "recording",
                "[CASE LINE]",
                "Withdraw an entry made in error; nothing is erased.",
                (),
                ("lmstrack undo LMS-0107-8 7", "lmstrack undo"),
            ),
        ),
    ),
    Group(
        "Cases",
        (
            Command(
                "case add",
                "cases",
                "",
                "Open a case.",
                _PERSON,
                (
                    'lmstrack case add --name "Ann Example" --born 1961-03-04 --id mrn=0012345678',
                    "lmstrack case add --name … --born … --format json",
                ),
            ),
            Command(
                "case find",
                "cases",
                "TEXT",
                "Find a case by id, identifier or name.",
                (),
                ("lmstrack case find 0012345678",),
            ),
            Command(
                "case list",
                "cases",
                "",
                "Every case and where it stands.",
                ("--state=",),
                ("lmstrack case list --state surveillance",),
            ),
            Command(
                "case edit",
                "cases",
                "CASE",
                "Change name, date of birth, sex or identifiers.",
                _PERSON,
                ("lmstrack case edit LMS-0107-8 --born 1961-03-14",),
            ),
            Command(
                "event correct",
                "correcting",
                "CASE LINE [KIND] [FIELD=VALUE …]",
                "Say how an entry should read, or withdraw it.",
                ("--on=", "--because=", "--withdraw", "--nature=", "--dry-run"),
                (
                    'lmstrack event correct LMS-0107-8 4 --on 2026-06-05 --because "day and month swapped"',
                    'lmstrack event correct LMS-0107-8 5 grade=3 --nature refined --because "amended report"',
                    'lmstrack event correct LMS-0107-8 6 --withdraw --because "wrong patient"',
                ),
            ),
        ),
    ),
    Group(
        "Data",
        (
            Command(
                "import",
                "exchanging",
                "FILE",
                "Read a file of events; shows what would change.",
                ("--check", "--commit", "--source=", "--as-history"),
                (
                    "lmstrack import cohort.ndjson",
                    "lmstrack import cohort.ndjson --commit --as-history --source registry",
                ),
            ),
            Command(
                "export events",
                "exchanging",
                "",
                "Every event, a line of JSON each; import reads them.",
                (),
                ("lmstrack export events -o events.ndjson",),
            ),
            Command(
                "export obligations",
                "exchanging",
                "",
                "Everything that was or is due, in every state.",
                _ON_A_DAY,
                ("lmstrack export obligations -o obligations.csv",),
            ),
        ),
    ),
    Group(
        "Rules",
        (
            Command(
                "workflow list", "workflows", "", "The released workflows.", (), ("lmstrack workflow list",)
            ),
            Command(
                "workflow show",
                "workflows",
                "[NAME]",
                "States, moves, plans and settings of a workflow.",
                (),
                ("lmstrack workflow show",),
            ),
            Command(
                "workflow check",
                "workflows",
                "[FILE]",
                "Read a workflow file and name every fault in it.",
                (),
                ("lmstrack workflow check site.yaml",),
            ),
            Command(
                "workflow diagram",
                "workflows",
                "[NAME]",
                "The pathway as a Mermaid diagram.",
                (),
                ("lmstrack workflow diagram > pathway.mmd",),
            ),
            Command(
                "rules list",
                "rules",
                "",
                "Every rule in one sentence.",
                (),
                ("lmstrack rules list --format csv",),
            ),
            Command(
                "rules show",
                "rules",
                "RULE",
                "A rule: sentence, source, check, choices.",
                (),
                ("lmstrack rules show LMS-DX-01",),
            ),
            Command(
                "rules gaps",
                "rules",
                "",
                "What the source leaves open, and what is taken.",
                (),
                ("lmstrack rules gaps",),
            ),
            Command(
                "calc schedule",
                "calculating",
                "FIELD=VALUE …",
                "The nominal visits of a patient's plan.",
                (),
                (
                    "lmstrack calc schedule site_group=extremity grade=3 anchor=2026-01-31",
                    "lmstrack calc schedule site_group=uterus anchor=2026-01-31 until=2031-01-31",
                ),
            ),
        ),
    ),
    Group(
        "Admin",
        (
            Command(
                "init",
                "admin",
                "",
                "Make a new, empty database.",
                ("--zone=",),
                ("lmstrack init --db ward.db",),
            ),
            Command(
                "demo",
                "admin",
                "[FOLDER]",
                "Try everything on invented patients.",
                (),
                ("lmstrack demo", "lmstrack demo ./try-out"),
            ),
            Command(
                "doctor",
                "admin",
                "",
                "Prove that lists equal the log; name what looks odd.",
                (),
                ("lmstrack doctor",),
            ),
            Command(
                "audit verify",
                "auditing",
                "",
                "Check the chain that every entry is part of.",
                (),
                ("lmstrack audit verify",),
            ),
            Command(
                "audit head",
                "auditing",
                "",
                "The hash that stands for the whole record.",
                (),
                ("lmstrack audit head",),
            ),
            Command(
                "backup",
                "admin",
                "FILE",
                "Write a checked copy of the database.",
                (),
                ("lmstrack backup ward-2026-11-24.db",),
            ),
            Command(
                "restore",
                "admin",
                "FILE",
                "Put a backup in the place of the database.",
                ("--confirm=",),
                ("lmstrack restore ward-2026-11-24.db",),
            ),
            Command(
                "config show",
                "configuring",
                "",
                "Each setting and where it comes from.",
                (),
                ("lmstrack config show",),
            ),
            Command(
                "completion",
                "pages",
                "bash|zsh|fish",
                "The completion script of a shell.",
                (),
                (
                    'eval "$(lmstrack completion bash)"',
                    "lmstrack completion fish > ~/.config/fish/completions/lmstrack.fish",
                ),
            ),
            Command(
                "help",
                "pages",
                "[TOPIC]",
                "More about a topic, a kind of record or a command.",
                (),
                ("lmstrack help dates", "lmstrack help biopsy"),
            ),
        ),
    ),
)

COMMANDS: Final = {command.words: command for group in GROUPS for command in group.commands}
NOUNS: Final = {words.split()[0] for words in COMMANDS if " " in words}
TAKES_VALUE: Final = {
    option.removesuffix("=")
    for command in COMMANDS.values()
    for option in command.options
    if option.endswith("=")
}


def of_noun(noun: str) -> tuple[Command, ...]:
    """The commands that begin with this word, in their order."""
    return tuple(command for words, command in COMMANDS.items() if words.split()[0] == noun)
