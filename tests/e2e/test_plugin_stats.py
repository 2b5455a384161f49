import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.backend.series import DURATION_MS, REQUESTS
from e2e.demo.plugin_stats import labels, mean_latency_ms, requests
from e2e.demo.tally import Key
from mixer2.envoy.admin import Bucket, Histogram
from pal.stat_names import stat_name

# Short enough that the guest cuts nothing off.
VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=16)


@given(tenant=VALUES, method=VALUES)
def test_reads_back_whatever_a_guest_writes(tenant: str, method: str) -> None:
    stat = "wasmcustom." + stat_name(REQUESTS, ["tenant", "method"], [tenant, method])

    assert labels(stat, REQUESTS) == {"tenant": tenant, "method": method}


@given(st.text())
def test_other_names_are_no_metric_of_ours(name: str) -> None:
    assert labels(name, REQUESTS) is None


@pytest.mark.parametrize(
    "stat",
    [
        f"wasmcustom.{REQUESTS}",
        f"wasmcustom.{DURATION_MS}{{tenant=acme}}",
        "http.ingress.downstream_rq_2xx",
    ],
)
def test_a_name_without_labels_or_of_another_metric_is_passed_over(stat: str) -> None:
    assert labels(stat, REQUESTS) is None
    assert requests({stat: 3}) == {}


def test_requests_are_counted_by_their_labels_and_zeros_left_out() -> None:
    stats = {
        f"wasmcustom.{REQUESTS}{{tenant=a%2Cb,method=GET,code_class=2xx}}": 3,
        f"wasmcustom.{REQUESTS}{{tenant=acme,method=GET,code_class=5xx}}": 0,
    }

    assert requests(stats) == {Key("a,b", "GET", "2xx"): 3}


def test_the_mean_is_that_of_the_middles_of_the_buckets() -> None:
    two_samples = Histogram((Bucket(1.0, 0.0, 1), Bucket(2.0, 2.0, 1)))

    means = mean_latency_ms(
        {
            f"wasmcustom.{DURATION_MS}{{tenant=acme}}": two_samples,
            f"wasmcustom.{DURATION_MS}{{tenant=idle}}": Histogram(()),
        }
    )

    assert means == {"acme": 2.0}
