"""The files of deploy/ fit their schemas, as far as one is at hand, and name what there is."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from monito_ray.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
RAY_CLUSTERS = [ROOT / "ray-cluster.yaml", DEPLOY / "aws.yaml"]
KUBERNETES = [DEPLOY / "kubernetes" / "raycluster.yaml", DEPLOY / "kubernetes" / "values.yaml"]
_SHARED = ("/tmp/ray", "/dev/shm")  # noqa: S108  places in a container
#: Variables of others: Ray's, PostgreSQL's, Python's.
_OF_OTHERS = re.compile(r"(RAY|POSTGRES|PYTHON)_?\w*")


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("path", RAY_CLUSTERS, ids=lambda path: path.name)
def test_a_cluster_fits_the_schema_of_ray_up(path: Path):
    """Ray ships the schema by which `ray up` judges."""
    jsonschema.validate(_load(path), json.loads(files("ray.autoscaler").joinpath("ray-schema.json").read_text()))


@pytest.mark.parametrize("path", RAY_CLUSTERS, ids=lambda path: path.name)
def test_a_cluster_installs_what_is_locked(path: Path):
    """The commands call deploy/node.sh as it can be called, and the locks that they name exist."""
    text = path.read_text("utf-8")
    verbs = set(re.findall(r"bash ~/monito/deploy/node\.sh (\w+)", text))
    assert verbs == {"install", "token", "keep"}
    for lock in re.findall(r"requirements[\w-]*\.lock", text):
        assert (ROOT / lock).is_file(), lock


def test_machines_of_aws_come_and_go():
    """The head is one, workers are spot machines from none on, and all have the same image, and with it the same Python."""
    cluster = _load(DEPLOY / "aws.yaml")
    head, reader = cluster["available_node_types"]["head"], cluster["available_node_types"]["reader"]
    assert cluster["head_node_type"] == "head"
    assert (reader["min_workers"], reader["max_workers"]) == (0, cluster["max_workers"])
    assert reader["node_config"]["InstanceMarketOptions"] == {"MarketType": "spot"}
    assert head["node_config"]["ImageId"] == reader["node_config"]["ImageId"]


def _pods(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the containers of head and worker by name, each with `env` and `mounts`."""
    content = _load(path)
    if content.get("kind") == "RayCluster":
        head = content["spec"]["headGroupSpec"]["template"]["spec"]
        worker = content["spec"]["workerGroupSpecs"][0]["template"]["spec"]
        return {one["name"]: one for one in head["containers"]}, {one["name"]: one for one in worker["containers"]}
    head = {one["name"]: one for one in content["head"]["sidecarContainers"]}
    return {"ray-head": content["head"], **head}, {"ray-worker": content["worker"]}


def _mounts(container: dict[str, Any]) -> dict[str, str]:
    return {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_the_driver_shares_the_head_s_ray(path: Path):
    """It talks to the raylet through a socket and shared memory, so both containers have the same two volumes, and the driver the token."""
    head, worker = _pods(path)
    driver = head["driver"]
    for place in _SHARED:
        assert _mounts(head["ray-head"])[place] == _mounts(driver)[place]
        assert place in _mounts(worker["ray-worker"])
    environment = {one["name"]: one for one in driver["env"]}
    assert environment["RAY_AUTH_MODE"]["value"] == "token"
    assert environment["RAY_AUTH_TOKEN"]["valueFrom"]["secretKeyRef"] == {"name": "monito", "key": "auth_token"}
    assert driver["command"] == ["monito", "serve"]


def test_both_ways_to_kubernetes_are_one_cluster():
    """The plain file and the values of the chart agree in images, sizes, volumes and parameters."""
    (one_head, one_worker), (other_head, other_worker) = map(_pods, KUBERNETES)
    assert _mounts(one_head["ray-head"]) == _mounts(other_head["ray-head"])
    assert _mounts(one_worker["ray-worker"]) == _mounts(other_worker["ray-worker"])
    for name in ("image", "env", "envFrom", "command", "volumeMounts", "resources"):
        assert one_head["driver"][name] == other_head["driver"][name], name
    plain, values = map(_load, KUBERNETES)
    assert plain["spec"]["rayVersion"] == values["head"]["rayVersion"]
    assert plain["spec"]["headGroupSpec"]["rayStartParams"] == values["head"]["rayStartParams"]
    group = plain["spec"]["workerGroupSpecs"][0]
    assert {name: group[name] for name in ("replicas", "minReplicas", "maxReplicas", "rayStartParams")} == {
        name: values["worker"][name] for name in ("replicas", "minReplicas", "maxReplicas", "rayStartParams")
    }


def test_kubernetes_runs_the_ray_that_is_locked():
    """The operator chooses by the version; it is that of the image."""
    locked = re.search(r"^ray(?:\[[^\]]*\])?==([\d.]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert locked is not None
    assert _load(KUBERNETES[0])["spec"]["rayVersion"] == locked[1]


def _variables(content: Any) -> set[str]:
    """Return the names of environment variables that a manifest sets."""
    if isinstance(content, list):
        return set().union(*map(_variables, content)) if content else set()
    if not isinstance(content, dict):
        return set()
    here = {one["name"] for one in content.get("env", ()) or () if isinstance(one, dict)}
    environment = content.get("environment")
    return here | set(environment if isinstance(environment, dict) else ()) | _variables(list(content.values()))


@pytest.mark.parametrize("path", [*KUBERNETES, DEPLOY / "compose.yaml"], ids=lambda path: path.name)
def test_settings_in_manifests_exist(path: Path):
    """A variable is a setting of ours, or one of Ray's, PostgreSQL's or Python's."""
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    named = _variables(_load(path)) | set(re.findall(r"MONITO_[A-Z_]+(?==)", path.read_text("utf-8")))
    assert {name for name in named if name not in known and not _OF_OTHERS.fullmatch(name)} == set()


def test_compose_keeps_what_has_to_last():
    """Both services have a volume of their own, and each volume, secret and dependency that is named is there."""
    compose = _load(DEPLOY / "compose.yaml")
    mounted = {volume.partition(":")[0] for service in compose["services"].values() for volume in service["volumes"]}
    assert mounted == set(compose["volumes"])
    assert {secret for service in compose["services"].values() for secret in service["secrets"]} == set(compose["secrets"])
    assert set(compose["services"]["monito"]["depends_on"]) <= set(compose["services"])
    build = compose["services"]["monito"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()


def test_the_image_copies_what_there_is():
    """Each file that the image takes from the checkout exists, and is not left out of what docker sees."""
    folder = DEPLOY / "kubernetes"
    copied = {name for line in re.findall(r"^COPY (.*) \S+$", (folder / "Dockerfile").read_text(), re.MULTILINE) for name in line.split()}
    seen = {line.removeprefix("!") for line in (folder / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == seen
    for name in copied:
        assert (ROOT / name).exists(), name
