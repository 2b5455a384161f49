"""What goes wrong between a filter and its module in profile cpython."""

from dataclasses import dataclass


class ComponentError(Exception):
    """Base of the errors of this package."""


class MalformedError(ComponentError):
    """Bytes are no component, or no module, of the kind that is read here.

    Args:
        what: What was being read.
        expected: What belongs there.
        found: What is there.
    """

    def __init__(self, what: str, expected: str, found: object) -> None:
        super().__init__(f"{what}: expected {expected}, found {found}")


class TemplateMismatchError(ComponentError):
    """A component is not of the code that the template was made from."""


class ToolMissingError(ComponentError):
    """componentize-py is not installed, or is not the version that the template belongs to."""


class TraceError(ComponentError):
    """The tests that were to show which modules the filter needs did not pass."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a filter that a proxy cannot run.

    Attributes:
        path: The file, as the author named it.
        line: From 1; 0 for the file as a whole.
        column: From 1; 0 for the line as a whole.
        message: What it is, why it cannot be, what to do instead.
    """

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{place}: error: {self.message}"


class FilterError(ComponentError):
    """The filter cannot be built.

    Attributes:
        findings: All that is wrong with it.
    """

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings
