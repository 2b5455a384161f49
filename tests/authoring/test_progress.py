"""What takes longer than a second says so."""

from io import StringIO
from threading import Event

import pytest
from rich.console import Console

from mixer2.authoring import progress as module
from mixer2.authoring.progress import progress


class Paper(StringIO):
    """Says when something was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = Event()

    def flush(self) -> None:
        if self.getvalue():
            self.written.set()


def console(paper: Paper, *, terminal: bool) -> Console:
    return Console(file=paper, width=80, force_terminal=terminal, highlight=False)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_S", 0.01)


@pytest.mark.usefixtures("impatient")
def test_what_takes_long_is_shown_while_it_lasts() -> None:
    paper = Paper()
    with progress("compiling x.py", console(paper, terminal=True)):
        assert paper.written.wait(10)
    text = paper.getvalue()
    assert "compiling x.py ..." in text
    # The line is taken away.
    assert text.endswith("\x1b[2K")


@pytest.mark.usefixtures("impatient")
def test_programs_that_read_are_not_disturbed() -> None:
    paper = Paper()
    with progress("compiling x.py", console(paper, terminal=False)):
        assert not paper.written.wait(0.1)


def test_what_is_done_at_once_says_nothing() -> None:
    paper = Paper()
    with progress("compiling x.py", console(paper, terminal=True)):
        pass
    assert paper.getvalue() == ""
