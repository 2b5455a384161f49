"""`fixed` says what it was told."""

import pytest

from adapters.backend.check import Question
from adapters.backend.fixed import FixedKind
from pal import ConfigurationError
from tests.adapters.backend.conftest import exchange, instance, setup

QUESTION = Question(instance(), [], exchange().request, 1)


def test_by_default_it_refuses() -> None:
    verdict = FixedKind().create(setup({})).check(QUESTION)

    assert verdict is not None
    assert (verdict.allowed, verdict.status, verdict.body) == (False, 403, b"")
    assert verdict.response_headers is None


def test_the_answer_is_the_one_of_the_settings() -> None:
    settings: dict[str, object] = {"status": 503, "body": "at noon", "retry_after": 600}
    verdict = FixedKind().create(setup(settings)).check(QUESTION)

    assert verdict is not None
    assert (verdict.allowed, verdict.status, verdict.body) == (False, 503, b"at noon")
    assert verdict.response_headers == [("retry-after", "600")]


def test_a_status_that_is_no_error_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="status: expected at least 400, got 200"):
        FixedKind().create(setup({"status": 200}))
