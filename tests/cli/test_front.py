from __future__ import annotations

import shlex
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
import typer

from lmstrack.cli.commands import COMMANDS, NOUNS, TAKES_VALUE, of_noun
from lmstrack.cli.examples import EXAMPLES
from lmstrack.cli.settings import parted
from lmstrack.cli.topics import TOPICS
from lmstrack.errors import ExitCode, UsageFault
from lmstrack.records import KINDS

if TYPE_CHECKING:
    from .conftest import Run

EVERY = sorted(COMMANDS)


def parameters(words: str) -> list[object]:
    app = import_module(f"lmstrack.cli.{COMMANDS[words].module}").app
    group = typer.main.get_command(app)
    return list(group.commands[words].params)


@pytest.mark.parametrize("words", EVERY)
def test_the_table_of_commands_tells_the_options_that_the_command_has(words: str) -> None:
    found = {
        f"{name}{'' if parameter.is_flag else '='}"
        for parameter in parameters(words)
        if parameter.param_type_name == "option"
        for name in parameter.opts
    } - {"--help"}
    assert found == set(COMMANDS[words].options)


@pytest.mark.parametrize("words", EVERY)
def test_the_help_of_a_command_begins_with_examples_and_fits_80_columns(run: Run, words: str) -> None:
    answer = run(*words.split(), "--help")
    assert answer.code == 0
    assert answer.out.startswith("Examples:\n  ")
    assert f"Usage: lmstrack {words}" in answer.out
    assert [line for line in answer.out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("words", EVERY)
def test_an_example_begins_with_its_command(words: str) -> None:
    assert words in EXAMPLES
    assert all(f"lmstrack {words}" in example for example in EXAMPLES[words])


@pytest.mark.parametrize("words", EVERY)
def test_the_examples_are_made_of_options_that_exist(words: str) -> None:
    allowed = {option.removesuffix("=") for option in COMMANDS[words].options} | {"--db", "--format", "-o"}
    for example in EXAMPLES[words]:
        typed = shlex.split(example.removeprefix('eval "$(').removesuffix(')"').split(" > ")[0])
        assert {word for word in typed if word.startswith("-")} <= allowed


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_a_noun_lists_its_verbs(run: Run, noun: str) -> None:
    asked, alone = run(noun, "--help"), run(noun)
    assert (asked.code, alone.code) == (0, 2)
    assert asked.out == alone.err
    examples, _, rest = asked.out.partition("\nUsage:")
    assert examples.startswith("Examples:\n")
    verbs = [command.words for command in of_noun(noun)]
    assert [words for words in verbs if f"  lmstrack {words}" not in examples or f"  {words} " not in rest] == []


def test_the_front_page_begins_with_examples_names_every_command_and_fits(run: Run) -> None:
    answer = run("--help")
    assert answer.code == 0
    assert answer.out.startswith("Examples:\n")
    assert [line for line in answer.out.splitlines() if len(line) > 80] == []
    assert [words for words in COMMANDS if f"\n  {words} " not in answer.out] == []


def test_lmstrack_alone_says_in_six_lines_where_things_stand(run: Run, home: object) -> None:
    before = run()
    assert before.code == 0
    assert len(before.out.splitlines()) == 6
    assert "no database yet" in before.out
    run("init")
    assert len(run().out.splitlines()) == 6


def test_the_version_is_one_line(run: Run) -> None:
    assert run("--version").out.startswith("lmstrack 0.")


@pytest.mark.parametrize(
    ("typed", "rest", "options"),
    [
        (["--db", "a", "show", "1"], ["show", "1"], {"db": "a"}),
        (["show", "1", "--db=a"], ["show", "1"], {"db": "a"}),
        (["show", "--db", "a", "--db", "b", "1"], ["show", "1"], {"db": "b"}),
        (["show", "-o", "x.csv"], ["show"], {"output": "x.csv"}),
        (["show", "-ox.csv"], ["show"], {"output": "x.csv"}),
        (["show", "--no-names", "--no-input"], ["show"], {"no_names": "yes", "no_input": "yes"}),
        (["case", "add", "--", "--db", "a"], ["case", "add", "--", "--db", "a"], {}),
        (["record", "--because", "--db", "x"], ["record", "--because", "--db", "x"], {}),
    ],
)
def test_global_options_stand_anywhere_and_the_last_counts(
    typed: list[str], rest: list[str], options: dict[str, str]
) -> None:
    assert parted(typed) == (rest, options)


def test_a_global_option_without_its_value_is_a_usage_fault() -> None:
    with pytest.raises(UsageFault, match="needs a value"):
        parted(["show", "--db"])


def test_every_option_with_a_value_is_known_to_take_one() -> None:
    assert {"--because", "--on", "--id", "--as-of", "--json"} <= TAKES_VALUE


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        (("overdu",), "lmstrack overdue"),
        (("case", "lst"), "lmstrack case list"),
        (("overdue", "--as-off", "today"), "--as-of"),
        (("--nonsense",), "--help"),
        (("overdue", "--format", "pdf"), "table, list"),
        (("overdue", "-o", "x.docx"), ".csv"),
        (("overdue", "-o", "x"), "--format"),
        (("overdue", "--color", "maybe"), "auto, always, never"),
        (("overdue", "--as-of"), "--as-of"),
        (("why",), "CASE"),
        (("undo", "LMS-0001-3", "seven"), "LINE"),
        (("overdue", "Canary", "Smith"), "more words"),
        (("case", "add", "--name", "Canary", "Smith"), "quote"),
    ],
)
def test_a_slip_on_the_command_line_is_answered_in_a_few_lines(run: Run, typed: tuple[str, ...], hint: str) -> None:
    answer = run(*typed)
    assert answer.code == ExitCode.USAGE
    assert hint in answer.err
    assert len(answer.err.splitlines()) <= 6
    assert "Smith" not in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("topic", [*TOPICS, *KINDS, "overdue", "case", "case add", ""])
def test_every_topic_of_help_fits_80_columns(run: Run, topic: str) -> None:
    answer = run("help", *topic.split())
    assert answer.code == 0
    assert answer.out
    assert [line for line in answer.out.splitlines() if len(line) > 80] == []


def test_help_names_every_exit_code(run: Run) -> None:
    said = run("help", "exit-codes").out
    assert [code for code in ExitCode if f"  {int(code):>3}  " not in said] == []


def test_a_topic_that_is_none_is_not_found(run: Run) -> None:
    assert run("help", "nonsense").code == ExitCode.NOT_FOUND
    assert "Did you mean 'biopsy'?" in run("help", "biopsie").err
