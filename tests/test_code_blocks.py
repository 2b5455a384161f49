"""Every code block in the documentation is what it says: run, checked or at least parsed."""

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML
from typer.core import TyperGroup
from typer.main import get_command

from mixer2.cli import app
from mixer2.mesh.document import Document
from mixer2.mesh.read import mesh_of
from mixer2.mixer.check import check

ROOT = Path(__file__).parent.parent
HOWTO = ROOT / "docs" / "howto.md"
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")], key=str)

_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^(?:\S*/)?(mixer2|make|pytest|envoy|curl|docker|kubectl|pip|python3?)\b")
_TARGET = re.compile(r"^([a-z0-9-]+):", re.MULTILINE)
COMMANDS = get_command(app)


class Block(NamedTuple):
    page: Path
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(*pages: Path) -> Iterator[Block]:
    for page in pages:
        text = page.read_text()
        for found in _BLOCK.finditer(text):
            indent, language, content = found.groups()
            lines = [line.removeprefix(indent) for line in content.splitlines(keepends=True)]
            yield Block(page, text.count("\n", 0, found.start()) + 1, language, "".join(lines))


def of(language: str, *pages: Path) -> list[Any]:
    found = [one for one in blocks(*(pages or PAGES)) if one.language == language]
    return [pytest.param(one, id=one.place) for one in found]


def commands(text: str) -> Iterator[list[str]]:
    """The commands in a block for a shell: words of each, without comments and redirections."""
    for line in text.replace("\\\n", " ").splitlines():
        for part in re.split(r"&&|(?<!<)>", line):
            if _COMMAND.match(part.strip()):
                yield shlex.split(part, comments=True)


def mixer2_command(words: list[str]) -> None:
    """Have an invocation of mixer2 parsed as the program would, without running it."""
    command = COMMANDS
    rest = words
    while isinstance(command, TyperGroup) and rest and not rest[0].startswith("-"):
        found = [command.commands.get(name) for name in rest[0].split("|")]
        assert None not in found, f"no command {rest[0]}"
        command = found[0] or command
        rest = rest[1:]
    command.make_context("mixer2", ["x" if word == "..." else word for word in rest])


@pytest.mark.parametrize("block", of("python"))
def test_python_is_python(block: Block) -> None:
    ast.parse(block.text)


@pytest.mark.parametrize("block", of("json"))
def test_json_is_json(block: Block) -> None:
    json.loads(block.text)


@pytest.mark.parametrize("block", of("yaml"))
def test_yaml_is_what_mixer2_takes(block: Block) -> None:
    value = YAML(typ="safe").load(block.text)
    document = Document.parse(block.text, block.page)
    if isinstance(value, dict) and "version" in value:
        mesh_of(document)
    elif isinstance(value, dict) and {"handlers", "rules"} <= set(value):
        assert check(document) == []


@pytest.mark.parametrize("block", of(""))
def test_commands_are_there_and_take_what_they_are_given(block: Block) -> None:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text()))
    for words in commands(block.text):
        program = words[0].rpartition("/")[2]
        if program == "mixer2":
            mixer2_command(words[1:])
        elif program == "make":
            named = [word for word in words[1:] if "=" not in word and not word.startswith("-")]
            assert set(named) <= targets, f"no target {named}"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("mixer2 sevre mesh.yaml", "no command sevre"),
        ("mixer2 run --requets / x.py", "No such option: --requets"),
        ("mixer2 rollout halt x", "no command halt"),
        ("mixer2 build", "Missing parameter: source"),
    ],
)
def test_a_command_that_is_not_there_is_found(line: str, complaint: str) -> None:
    (words,) = commands(line)
    with pytest.raises(Exception, match=complaint):
        mixer2_command(words[1:])


def test_blocks_and_commands_are_found() -> None:
    found = list(blocks(*PAGES))
    assert len(found) > 60
    assert sum(len(list(commands(one.text))) for one in found if not one.language) > 30


def recipes() -> list[Any]:
    shown = [one.values[0] for one in of("yaml", HOWTO)]
    return [pytest.param(one, id=one.place) for one in shown if "filters:" in one.text]


def merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    both = {name: base[name] for name in base}
    for name, value in more.items():
        is_part = isinstance(value, dict) and isinstance(both.get(name), dict)
        both[name] = merged(both[name], value) if is_part else value
    return both


@pytest.mark.parametrize("recipe", recipes())
def test_recipes_make_a_mesh_whose_mixer_is_right(recipe: Block) -> None:
    yaml = YAML(typ="safe")
    first = next(one for one in blocks(HOWTO) if one.text.startswith("# mesh.yaml"))
    value = merged(yaml.load(first.text), yaml.load(recipe.text))

    mesh_of(Document.parse(json.dumps(value), HOWTO))
    configuration = value["filters"]["mixer"]["configuration"]
    assert check(Document.parse(json.dumps(configuration), HOWTO)) == []


@pytest.mark.envoy
def test_the_readmes_way_to_a_filter_of_ones_own(tmp_path: Path) -> None:
    """All of it but the installation, of which this environment is the result."""
    (way,) = [one.text for one in blocks(ROOT / "README.md") if "mixer2 new" in one.text]
    lines = [shlex.split(line, comments=True) for line in way.splitlines()]
    assert len(lines) <= 5
    assert lines[1] == ["pip", "install", ".[test,envoy]"]
    folder = tmp_path / "greeter"
    programs = Path(sys.executable).parent
    shown = []
    for line in lines[2:]:
        words = line[: line.index("&&")] if "&&" in line else line
        words = [word.replace("~", str(tmp_path)) for word in words]
        once = ["--no-watch"] if words[:2] == ["mixer2", "run"] else []
        done = subprocess.run(
            [str(programs / words[0]), *words[1:], *once],
            cwd=folder if folder.exists() else tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        shown.append(done.stdout)
    assert "6 passed" in shown[1]
    assert "+ x-greeter: hello" in shown[2]
    shutil.rmtree(folder)
