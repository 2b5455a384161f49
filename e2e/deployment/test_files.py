"""What users copy is what tools take: schemas of others, and our own checks."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from e2e.world.world import PORT_OF
from mixer2.cli import app
from mixer2.envoy.binary import find_envoy

ROOT = Path(__file__).parents[2]
IMAGE = ROOT / "build" / "image"
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yaml"
KUBERNETES = "1.37"


def resources() -> list[dict[str, Any]]:
    return list(YAML(typ="safe").load_all(IMAGE / "kubernetes.yaml"))


def find(kind: str, name: str) -> dict[str, Any]:
    (one,) = [r for r in resources() if (r["kind"], r["metadata"]["name"]) == (kind, name)]
    return one


def pods() -> list[dict[str, Any]]:
    return [r["spec"]["template"] for r in resources() if r["kind"] == "Deployment"]


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-workflows", WORKFLOW),
        ("vendor.compose-spec", IMAGE / "compose.yaml"),
        ("vendor.compose-spec", ROOT / "e2e" / "compose.yaml"),
    ],
    ids=lambda value: str(value).rpartition("/")[2],
)
def test_files_suit_the_schemas_of_their_tools(schema: str, path: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout

    broken = tmp_path / path.name
    broken.write_text(path.read_text().replace("\njobs:", "\njob:").replace("image:", "picture:"))
    assert subprocess.run([*command, str(broken)], capture_output=True, check=False).returncode == 1


def test_the_workflow_runs_what_people_run() -> None:
    jobs = YAML(typ="safe").load(WORKFLOW)["jobs"]
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert commands[-1] == ".ci/run"
    targets = (ROOT / ".ci" / "run").read_text().partition("for target in ")[2].partition(";")[0]
    assert targets.split() == ["lint", "test", "demo", "e2e"]


def test_both_worlds_have_the_same_parts() -> None:
    compose = YAML(typ="safe").load(ROOT / "e2e" / "compose.yaml")
    assert set(compose["services"]) == set(PORT_OF)


@pytest.mark.parametrize(
    "resource", resources(), ids=lambda one: f"{one['kind']}-{one['metadata']['name']}"
)
def test_kubernetes_takes_each_resource(resource: dict[str, Any]) -> None:
    kubernetes_validate.validate(resource, KUBERNETES, strict=True)


def test_a_wrong_resource_is_found() -> None:
    wrong = find("Deployment", "mixer2")
    wrong["spec"]["template"]["spec"]["containers"][0]["readOnlyRootFilesystem"] = True
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES, strict=True)


def test_names_and_ports_in_the_manifest_belong_together() -> None:
    labels = [pod["metadata"]["labels"] for pod in pods()]
    ports = {
        port["name"]
        for pod in pods()
        for container in pod["spec"]["containers"]
        for port in container["ports"]
    }
    for resource in resources():
        spec = resource.get("spec", {})
        if resource["kind"] == "Deployment":
            assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
        elif resource["kind"] == "Service":
            assert spec["selector"] in labels
            assert {port["targetPort"] for port in spec["ports"]} <= ports
        elif resource["kind"] == "NetworkPolicy":
            (rule,) = spec["ingress"]
            assert spec["podSelector"]["matchLabels"] in labels
            assert {port["port"] for port in rule["ports"]} <= ports
    for pod in pods():
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        for container in pod["spec"]["containers"] + pod["spec"].get("initContainers", []):
            assert {mount["name"] for mount in container["volumeMounts"]} <= set(volumes)
        for volume in volumes.values():
            if "configMap" in volume:
                find("ConfigMap", volume["configMap"]["name"])
            if "persistentVolumeClaim" in volume:
                find("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])


def test_no_container_may_do_more_than_it_needs() -> None:
    for pod in pods():
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        for container in pod["spec"]["containers"] + pod["spec"].get("initContainers", []):
            allowed = container["securityContext"]
            assert allowed["readOnlyRootFilesystem"] is True
            assert allowed["allowPrivilegeEscalation"] is False
            assert allowed["capabilities"] == {"drop": ["ALL"]}


def test_the_manifests_mesh_and_filter_are_taken(tmp_path: Path) -> None:
    for name, text in find("ConfigMap", "mixer2-mesh")["data"].items():
        (tmp_path / name).write_text(text)
    (container,) = find("Deployment", "mixer2")["spec"]["template"]["spec"]["containers"]
    places = {"/etc/mixer2": str(tmp_path), "/var/lib/mixer2": str(tmp_path / "state")}
    arguments = [*container["args"], "--check"]
    for there, here in places.items():
        arguments = [one.replace(there, here) for one in arguments]

    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == 0, result.output
    assert "fine" in result.output


def test_envoy_takes_the_bootstraps(tmp_path: Path) -> None:
    written = tmp_path / "envoy.json"
    pod = find("Deployment", "envoy")["spec"]["template"]["spec"]
    arguments = [
        one.replace("$(POD_NAME)", "envoy-0").replace("/bootstrap/envoy.json", str(written))
        for one in pod["initContainers"][0]["args"]
    ]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    copied = IMAGE / "envoy.json"
    printed = CliRunner().invoke(app, ["bootstrap", "edge-1", "--xds", "mixer2:18000"])
    assert copied.read_text() == printed.output

    for bootstrap in (written, copied):
        command = [str(find_envoy()), "--mode", "validate", "-c", str(bootstrap)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
