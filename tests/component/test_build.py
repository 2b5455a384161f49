"""`mixer2 build --profile cpython`: what it makes, and how it refuses."""

import sysconfig
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mixer2.cli import app
from mixer2.component import componentize
from mixer2.component.build import build
from mixer2.component.errors import FilterError, TemplateMismatchError, ToolMissingError
from mixer2.component.pack import pack
from mixer2.component.template import shipped_template
from mixer2.testhost.module_rules import check_module
from mixer2.testhost.wasm_interface import read_interface

ROOT = Path(__file__).parents[2]
PLUGIN = """
from pal import Action, HttpContext, PluginContext

class Plain(HttpContext):
    def on_request_headers(self, end_of_stream):
        return Action.CONTINUE

class PlainPlugin(PluginContext):
    def create_http_context(self):
        return Plain(self)
"""


def filter_file(folder: Path, text: str) -> Path:
    path = folder / "plain.py"
    path.write_text(text)
    return path


def test_a_filter_becomes_a_module_that_exports_what_it_overrides(tmp_path: Path) -> None:
    source = filter_file(tmp_path, PLUGIN)

    built = build(source, cache_folder=tmp_path / "cache")
    again = build(source, cache_folder=tmp_path / "cache")

    check_module(built.wasm)
    assert {export.name for export in read_interface(built.wasm).exports} == {
        *("memory", "proxy_abi_version_0_2_1", "proxy_on_memory_allocate"),
        *("proxy_on_context_create", "proxy_on_configure", "proxy_on_delete"),
        "proxy_on_request_headers",
    }
    assert built.report.python.startswith("3.14.")
    assert again.digest == built.digest
    assert again.pack_seconds == 0.0, "taken from the cache"

    (tmp_path / "plain.py").write_text(PLUGIN + "\nVALUE = 1\n")
    assert build(source, cache_folder=tmp_path / "cache").digest != built.digest


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("import absent\n" + PLUGIN, "plain.py:1:1: error: when the filter was imported: "),
        ("import absent\n" + PLUGIN, "No module named 'absent': it is not installed here"),
        (PLUGIN + "\n1 / 0\n", "plain.py:12:1: error: when the filter was imported: ZeroDiv"),
        ("import sqlite3\n" + PLUGIN, "plain.py:1:1: error: import of sqlite3"),
        ("import decimal, _decimal\n" + PLUGIN, "_decimal is not part of profile cpython"),
        ("import mixer2.xds\n" + PLUGIN, "mixer2 is a tool: guest code imports guest code only"),
        ("x = 1\n", "a filter has exactly one concrete subclass of PluginContext"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_its_place(
    tmp_path: Path, text: str, complaint: str
) -> None:
    target = tmp_path / "out.wasm"
    arguments = ["build", "--profile", "cpython", str(filter_file(tmp_path, text))]

    done = CliRunner().invoke(app, [*arguments, "-o", str(target)])

    assert done.exit_code == 1
    assert complaint in done.output
    assert "nothing was written" in done.output
    assert not target.exists()


def test_a_native_extension_is_refused_by_name(tmp_path: Path) -> None:
    library = tmp_path / "library" / "quick"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text("from quick.engine import run\n")
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    (library / f"engine{suffix}").write_bytes(b"\x7fELF")

    with pytest.raises(FilterError) as refusal:
        build(
            filter_file(tmp_path, "import quick\n" + PLUGIN),
            libraries=[tmp_path / "library"],
            cache_folder=tmp_path / "cache",
        )

    assert "quick.engine is a native extension" in str(refusal.value)


def test_late_imports_come_from_the_tests(tmp_path: Path) -> None:
    late = PLUGIN.replace("return Action", "import colorsys\n        return Action")
    source = filter_file(tmp_path, late)
    (tmp_path / "test_plain.py").write_text(
        f"def test_it(load):\n    assert load({str(source)!r}).get('/').status == 200\n"
    )

    done = CliRunner().invoke(
        app, ["build", "--profile", "cpython", str(source), "-o", str(tmp_path / "plain.wasm")]
    )

    assert done.exit_code == 0, done.output
    assert b"colorsys.py" in (tmp_path / "plain.wasm").read_bytes()


def test_tests_that_fail_show_nothing(tmp_path: Path) -> None:
    source = filter_file(tmp_path, PLUGIN)
    (tmp_path / "test_plain.py").write_text("def test_it(load):\n    assert False\n")

    done = CliRunner().invoke(app, ["build", "--profile", "cpython", str(source)])

    assert done.exit_code == 1
    assert "the tests that show its late imports do not pass" in done.output


def test_a_component_of_other_code_does_not_fit(tmp_path: Path) -> None:
    from mixer2.component.componentize import componentize as make
    from mixer2.component.staging import stage

    template = shipped_template()
    # One host call less than the template's world has.
    wit = template.wit.replace("  done: func() -> status;\n", "")
    assert wit != template.wit
    staged = stage(
        tmp_path / "staged",
        filter_file(tmp_path, PLUGIN),
        wit,
        included=[],
        traced=[],
        removed=[],
        libraries=[],
    )
    make(staged, tmp_path / "other.wasm")

    with pytest.raises(TemplateMismatchError, match="its WIT or its release differs"):
        pack((tmp_path / "other.wasm").read_bytes(), template)


def test_another_version_of_componentize_py_is_refused() -> None:
    with pytest.raises(TemplateMismatchError, match=r"and 0\.1\.0 is installed: pip install"):
        shipped_template().check_version("0.1.0")


def test_without_componentize_py_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(componentize, "PACKAGE", "componentize-py-that-is-not-there")

    with pytest.raises(ToolMissingError, match=r"pip install 'mixer2\[cpython\]'"):
        componentize.installed_version()


def test_options_of_the_other_profile_are_refused(tmp_path: Path) -> None:
    source = str(filter_file(tmp_path, PLUGIN))

    for options in (["--profile", "cpython", "--ir"], ["--include", "json"]):
        assert CliRunner().invoke(app, ["build", source, *options]).exit_code == 2
