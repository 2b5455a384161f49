"""Write down what Envoy does.

`python -m tests.conformance.record` adds the cases that are new and drops those that are gone;
with `--all` it writes down all of them anew, for which the machine should be idle.
"""

import json
import sys

from tests.conformance.all_cases import ALL_CASES
from tests.conformance.in_envoy import observe_in_envoy
from tests.conformance.test_conformance import RECORDED


def main() -> None:
    known = {} if "--all" in sys.argv[1:] else json.loads(RECORDED.read_text())
    wanted = [case for case in ALL_CASES if case.name not in known]
    observed = observe_in_envoy(wanted) if wanted else []
    for case, observation in zip(wanted, observed, strict=True):
        known[case.name] = observation.to_json()
    by_name = {case.name: known[case.name] for case in ALL_CASES}
    RECORDED.write_text(json.dumps(by_name, indent=1) + "\n")


if __name__ == "__main__":
    main()
