"""Write down what Envoy does: `python -m tests.conformance.record`."""

import json

from tests.conformance.all_cases import ALL_CASES
from tests.conformance.in_envoy import observe_in_envoy
from tests.conformance.test_conformance import RECORDED


def main() -> None:
    observed = observe_in_envoy(ALL_CASES)
    by_name = {
        case.name: observation.to_json()
        for case, observation in zip(ALL_CASES, observed, strict=True)
    }
    RECORDED.write_text(json.dumps(by_name, indent=1) + "\n")


if __name__ == "__main__":
    main()
