"""Path templates mean what the same regular expressions mean."""

import re
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from adapters.mixer.bag import AttributeBag
from adapters.mixer.path_template import PathTemplateKind
from adapters.mixer.scope import Scope
from pal import HeaderMap
from pal.config import Config
from tests.adapters.mixer.conftest import Headers

segments = st.sampled_from(["a", "b", "users", "v1", ""])
patterns = st.lists(st.one_of(segments, st.just("{x}")), min_size=1, max_size=4).flatmap(
    lambda parts: st.sampled_from(["/" + "/".join(parts), "/" + "/".join([*parts, "{r=**}"])])
)
paths = st.lists(segments, min_size=1, max_size=5).map(lambda parts: "/" + "/".join(parts))


def as_regex(pattern: str) -> str:
    parts = [
        "[^/]+" if part == "{x}" else ".*" if part == "{r=**}" else re.escape(part)
        for part in pattern.split("/")
    ]
    return "/".join(parts)


def produced(templates: list[str], path: str) -> str | None:
    listed = ",".join(f'"{one}"' for one in templates)
    section = Config.parse(f'{{"path_template": [{listed}]}}'.encode())
    producer = PathTemplateKind().create(section, Scope())
    return producer.produce(AttributeBag(0, cast("HeaderMap", Headers({":path": path}))))


@given(st.lists(patterns, min_size=1, max_size=4), paths, st.sampled_from(["", "?a=/b", "?"]))
def test_the_first_pattern_that_fits_is_the_value(
    templates: list[str], path: str, query: str
) -> None:
    fitting = [one for one in templates if re.fullmatch(as_regex(one), path)]

    assert produced(templates, path + query) == (fitting[0] if fitting else None)


def test_what_is_no_path_has_no_template() -> None:
    assert produced(["/{r=**}"], "*") is None
    assert produced(["/{r=**}"], "") is None
