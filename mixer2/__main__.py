"""`python -m mixer2` is the command `mixer2`."""

from mixer2.cli import app

app(prog_name="mixer2")
