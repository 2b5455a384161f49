import json
from pathlib import Path

from bench.xds.measure import measure
from bench.xds.table import rows, write_cost


async def test_a_small_fleet_is_measured_from_connecting_to_idling(tmp_path: Path) -> None:
    cost = await measure(lambda _phase, _step: None, nodes=5, pause=0.5)
    assert cost.nodes == 5
    assert 0 < cost.change_median <= cost.change_p99
    assert cost.sync > 0
    assert cost.memory > 0
    assert 0 < cost.cpu_per_update < 1
    write_cost(cost, tmp_path)
    assert json.loads((tmp_path / "xds.json").read_text())["nodes"] == 5
    assert len((tmp_path / "xds.md").read_text().splitlines()) == 2 + len(rows(cost))
