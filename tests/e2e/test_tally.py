from collections import Counter
from io import StringIO

from rich.console import Console

from e2e.demo.report import counts_table
from e2e.demo.tally import Key, Tally, differences, of_answers
from e2e.demo.traffic import Request

ACME_2XX = Key("acme", "GET", "2xx")
ACME_5XX = Key("acme", "GET", "5xx")


def rendered(client: Tally, envoy: Tally) -> str:
    shown = StringIO()
    Console(width=100, file=shown).print(counts_table(client, envoy, {"acme": 1.5}))
    return shown.getvalue()


def test_codes_are_summed_into_classes() -> None:
    answered = Counter(
        {
            Request("acme", "GET", 200): 3,
            Request("acme", "GET", 204): 2,
            Request("acme", "GET", 503): 1,
        }
    )

    assert of_answers(answered) == {ACME_2XX: 5, ACME_5XX: 1}


def test_equal_tallies_have_no_differences() -> None:
    assert differences(Counter({ACME_2XX: 5}), Counter({ACME_2XX: 5})) == []


def test_a_key_that_one_side_does_not_know_is_a_difference() -> None:
    found = differences(Counter({ACME_2XX: 5}), Counter({ACME_2XX: 4, ACME_5XX: 1}))

    assert [str(each) for each in found] == [
        "acme GET 2xx: the client counted 5, Envoy 4",
        "acme GET 5xx: the client counted 0, Envoy 1",
    ]


def test_the_table_shows_equal_and_unequal_counts() -> None:
    text = rendered(Counter({ACME_2XX: 3, ACME_5XX: 1}), Counter({ACME_2XX: 2, ACME_5XX: 1}))

    assert "3≠2" in text
    assert "1=1" in text
    assert "66.7%" in text
    assert "1.50" in text
