"""`mixer2 check` tells every mistake, and where it stands."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mixer2.cli import app
from mixer2.mesh.document import Document
from mixer2.mixer.check import check

GOOD = """\
attributes:
- {name: tenant, header: x-tenant, default: unknown}
handlers:
  stats: {metrics: {}}
  per.user: {rate_limit: {requests: 10, per: 1s}}
instances:
  by_tenant: {tenant: tenant}
rules:
- check: per.user
  with: {user: "request.headers['x-user']"}
- report: stats
  instance: by_tenant
"""


def problems(text: str, folder: Path) -> list[str]:
    file = folder / "mixer.yaml"
    file.write_text(text)
    found = check(Document.read(file))
    return [f"{problem.line}:{problem.column}: {problem.what}" for problem in found]


def test_what_is_right_has_no_problems(tmp_path: Path) -> None:
    assert problems(GOOD, tmp_path) == []
    assert problems("", tmp_path) == []


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("header: x-tenant", "headr: x-tenant", "2:18: unknown field 'headr'"),
        ("header: x-tenant, ", "", "2:10: expected one source beside it: header, "),
        ("name: tenant,", "name: request.method,", "2:10: there is an attribute request.method a"),
        ("name: tenant,", "name: request,", "2:10: there is an attribute request already"),
        ("requests: 10", "requests: ten", "5:37: expected a valid integer, got 'ten'"),
        ("requests: 10", "requests: 0", "5:37: expected greater than or equal to 1, got 0"),
        ("requests: 10, ", "", "5:26: `requests` is missing"),
        ("{metrics: {}}", "{}", "4:10: expected a kind of backend: "),
        ("{metrics: {}}", "{metrcs: {}}", "4:11: unknown field 'metrcs'"),
        ("{metrics: {}}", "{metrics: {}, fixed: {}}", "4:"),
        ("per: 1s", "per: 1 s", "5:46: String should match pattern"),
        (
            "{metrics: {}}",
            "{metrics: {}, fault: {probability: 1, delay: 1s}}",
            "4:31: expected fail without delay: what is told at once cannot wait",
        ),
        (
            "{metrics: {}}",
            "{metrics: {}, fault: {probability: 1}}",
            "4:45: expected delay or fail beside it",
        ),
        ("check: per.user", "check: nobody", "9:10: unknown handler nobody; there are "),
        ("check: per.user", "report: per.user", "9:11: per.user is a rate_limit: write check"),
        ("headers['x-user']", "header['x-user']", "10:17: unknown attribute request.header; "),
        (
            "request.headers['x-user']",
            "1 + request.path",
            "10:19: '+' does not take an int and a string",
        ),
        ("instance: by_tenant", "instance: by_user", "12:13: unknown instance by_user; there are"),
        ("instance: by_tenant", "when: request.path", "12:9: expected a condition, which is tr"),
        ("instance: by_tenant", "sample: 1.5", "12:11: expected less than or equal to 1, got 1.5"),
        ("instance: by_tenant", "dry_run: true", "12:12: a report enforces nothing"),
        ("tenant: tenant}", "tenant: tennant}", "7:23: unknown attribute tennant; there are "),
        ("with: {user", "when: response.code == 200\n  with: {user", "10:9: response.code is kn"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    good: str, bad: str, problem: str, tmp_path: Path
) -> None:
    assert good in GOOD

    found = problems(GOOD.replace(good, bad, 1), tmp_path)

    assert len(found) == 1
    assert found[0].startswith(problem), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("['x-user']", ".'x'").replace("report: stats", "report: statz")

    found = problems(text, tmp_path)

    assert [problem.partition(" ")[0] for problem in found] == ["10:33:", "11:11:"]


def test_the_command_ends_with_1_and_counts(tmp_path: Path) -> None:
    file = tmp_path / "mixer.yaml"
    file.write_text(GOOD.replace("1s", "soon"))
    result = CliRunner().invoke(app, ["check", str(file)])
    assert result.exit_code == 1
    assert f"{file}:5:46: " in result.output
    assert result.output.endswith("1 problem\n")

    file.write_text(GOOD)
    assert CliRunner().invoke(app, ["check", str(file)]).output == f"{file}: fine\n"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(tmp_path / "none.yaml")])

    assert result.exit_code == 1
    assert "none.yaml: No such file or directory" in result.output


def test_a_configuration_for_connections(tmp_path: Path) -> None:
    file = tmp_path / "tcp.yaml"
    file.write_text("""\
handlers:
  closed: {fixed: {}}
  stats: {metrics: {}}
rules:
- check: closed
  when: source.ip == '192.0.2.1'
- report: stats
  with: {bytes: connection.sent_bytes}
""")
    result = CliRunner().invoke(app, ["check", "--tcp", str(file)])
    assert (result.output, result.exit_code) == (f"{file}: fine\n", 0)
    assert CliRunner().invoke(app, ["check", str(file)]).exit_code == 1

    file.write_text(file.read_text().replace("source.ip", "request.path"))
    result = CliRunner().invoke(app, ["check", "--tcp", str(file)])
    assert f"{file}:6:9: unknown attribute request.path" in result.output
