"""Every command of this release: its words, where its code lies, what it does, and its options.

The front page, completion and the reading of global options work from this table alone, so that none of them
has to load a command. A test holds it against the commands themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Command:
    """One command. *words* are what is typed; an option that takes a value ends in ``=`` in *options*.

    *takes* says what follows the words; *module* is the file of its family. *fields* are the names that it takes as
    ``FIELD=VALUE`` where these are not those of a record.
    """

    words: str
    module: str
    takes: str
    says: str
    options: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Commands that stand together on the front page."""

    title: str
    commands: tuple[Command, ...]


_ON_A_DAY = ("--as-of=", "--known-at=")
_DEPARTING = ("--despite=", "--because=", "--agreed-by=")
_PERSON = ("--name=", "--born=", "--sex=", "--id=")

_DAILY = (
    Command(
        "worklist",
        "working",
        "",
        "What there is to do today, the most urgent first.",
        (*_ON_A_DAY, "--navigator=", "--questions", "--no-questions"),
    ),
    Command(
        "overdue",
        "lists",
        "",
        "Who is late for follow-up, and by how much.",
        (*_ON_A_DAY, "--navigator=", "--group=", "--state=", "--fail-if-any"),
    ),
    Command(
        "record",
        "recording",
        "CASE KIND [FIELD=VALUE …]",
        "Record what happened to a patient.",
        ("--on=", *_DEPARTING, "--expect=", "--dry-run", "--key=", "--json="),
    ),
    Command(
        "contact",
        "working",
        "CASE OUTCOME",
        "Record that somebody tried to reach a patient.",
        ("--on=", "--strand=", "--channel=", "--next-on=", "--note=", "--dry-run"),
    ),
    Command("show", "case_views", "CASE", "Where a patient stands: state, questions, what is due.", _ON_A_DAY),
    Command(
        "why",
        "case_views",
        "CASE [KIND|STRAND]",
        "Every rule of the next step, with its answer and source.",
        _ON_A_DAY,
    ),
    Command("next", "case_views", "CASE", "What can be recorded next, and what stands in the way.", _ON_A_DAY),
    Command("timeline", "case_views", "CASE", "What happened to a patient, line by line.", _ON_A_DAY),
    Command(
        "whatif",
        "recording",
        "CASE KIND [FIELD=VALUE …]",
        "What an entry would change; nothing is written.",
        ("--on=", *_DEPARTING),
    ),
    Command(
        "diff",
        "comparing",
        "EARLIER [LATER]",
        "What is new and what is gone on the overdue list, and why.",
        ("--group=",),
    ),
    Command("undo", "recording", "[CASE LINE]", "Withdraw an entry made in error; nothing is erased."),
)
_CASES = (
    Command("case add", "cases", "", "Open a case.", _PERSON),
    Command("case find", "cases", "TEXT", "Find a case by id, identifier or name."),
    Command(
        "case list",
        "cases",
        "",
        "Every case and where it stands.",
        ("--state=", "--without-obligation", *_ON_A_DAY),
    ),
    Command("case edit", "cases", "CASE", "Change name, date of birth, sex or identifiers.", _PERSON),
    Command(
        "case assign",
        "cases",
        "CASE NAVIGATOR",
        "Give a case to a navigator, for good or a time.",
        ("--until=", "--on="),
    ),
    Command("case duplicates", "merging", "", "Pairs of cases that are likely one patient."),
    Command(
        "case merge",
        "merging",
        "CASE OTHER",
        "Say that two cases are one patient.",
        ("--because=", "--confirm=", "--dry-run"),
    ),
    Command(
        "case unmerge",
        "merging",
        "CASE OTHER",
        "Say that they are two patients after all.",
        ("--because=", "--dry-run"),
    ),
    Command(
        "event correct",
        "correcting",
        "CASE LINE [KIND] [FIELD=VALUE …]",
        "Say how an entry should read, or withdraw it.",
        ("--on=", "--because=", "--withdraw", "--nature=", "--dry-run"),
    ),
    Command(
        "event move",
        "correcting",
        "CASE LINE TO_CASE",
        "Move an entry to the patient it is about.",
        ("--because=", "--dry-run"),
    ),
)
_DATA = (
    Command(
        "import",
        "exchanging",
        "FILE",
        "Read a file of events; shows what would change.",
        ("--check", "--commit", "--map=", "--source=", "--as-history"),
    ),
    Command("export events", "exchanging", "", "Every event, a line of JSON each; import reads them."),
    Command("export obligations", "exchanging", "", "Everything that was or is due, in every state.", _ON_A_DAY),
)
_RULES = (
    Command("workflow list", "workflows", "", "The released workflows, and your hospital's own."),
    Command("workflow show", "workflows", "[NAME]", "States, moves, plans and settings of a workflow."),
    Command(
        "workflow check",
        "workflows",
        "[FILE]",
        "Name every fault in a file, or prove what it claims.",
        ("--anchor=",),
    ),
    Command(
        "workflow adopt",
        "workflows",
        "NAME [CASE …]",
        "Move cases to another version; a preview first.",
        ("--navigator=", "--state=", "--commit"),
    ),
    Command("workflow diagram", "workflows", "[NAME]", "The pathway as a Mermaid diagram."),
    Command("rules list", "rules", "", "Every rule in one sentence."),
    Command("rules show", "rules", "RULE", "A rule: sentence, source, check, choices."),
    Command("rules coverage", "rules", "", "What became of every statement of the sources."),
    Command("rules gaps", "rules", "", "What the source leaves open, and what is taken."),
    Command(
        "calc stage",
        "calculating",
        "[FIELD=VALUE …]",
        "The stage group, and the groups still possible.",
        ("--case=", *_ON_A_DAY),
        ("site_group", "size_mm", "t", "n", "m", "grade", "prefix", "authority", "edition"),
    ),
    Command(
        "calc figo",
        "calculating",
        "[FIELD=VALUE …]",
        "The FIGO stage of a tumour of the uterus.",
        ("--case=", *_ON_A_DAY),
        (
            "size_mm",
            "cervix",
            "adnexa",
            "pelvic",
            "abdominal_sites",
            "nodes",
            "nodal_deposit_mm",
            "nodes_assessed",
            "bladder_rectum",
            "distant",
            "prefix",
        ),
    ),
    Command(
        "calc grade",
        "calculating",
        "FIELD=VALUE …",
        "The FNCLCC grade, from what the pathologist counts.",
        (),
        ("differentiation", "mitoses_count", "mitoses_area_mm2", "necrosis_pct"),
    ),
    Command(
        "calc schedule",
        "calculating",
        "FIELD=VALUE …",
        "The nominal visits of a patient's plan.",
        (),
        ("anchor", "until", "site_group", "grade", "disease"),
    ),
)
_ADMIN = (
    Command("init", "admin", "", "Make a new, empty database.", ("--zone=",)),
    Command("demo", "admin", "[FOLDER]", "Try everything on invented patients."),
    Command("doctor", "admin", "", "Prove that lists equal the log; name what looks odd.", ("--repair",)),
    Command("audit verify", "auditing", "", "Check the chain that every entry is part of."),
    Command("audit head", "auditing", "", "The hash that stands for the whole record."),
    Command("backup", "admin", "FILE", "Write a checked copy of the database."),
    Command("restore", "admin", "FILE", "Put a backup in the place of the database.", ("--confirm=",)),
    Command("config show", "configuring", "", "Each setting and where it comes from."),
    Command("completion", "pages", "bash|zsh|fish", "The completion script of a shell."),
    Command("help", "pages", "[TOPIC]", "More about a topic, a kind of record or a command."),
)

GROUPS: Final = (
    Group("Daily", _DAILY),
    Group("Cases", _CASES),
    Group("Data", _DATA),
    Group("Rules", _RULES),
    Group("Admin", _ADMIN),
)

COMMANDS: Final = {command.words: command for group in GROUPS for command in group.commands}
NOUNS: Final = {words.split()[0] for words in COMMANDS if " " in words}
TAKES_VALUE: Final = {
    option.removesuffix("=") for command in COMMANDS.values() for option in command.options if option.endswith("=")
}


def of_noun(noun: str) -> tuple[Command, ...]:
    """The commands that begin with this word, in their order."""
    return tuple(command for words, command in COMMANDS.items() if words.split()[0] == noun)
