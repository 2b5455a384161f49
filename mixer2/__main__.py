"""`python -m mixer2` is the command `mixer2`."""

from mixer2.cli import app

# A process that builds filters imports this module too, under another name.
if __name__ == "__main__":
    app(prog_name="mixer2")
