"""Ray's fake provider of nodes, but that they start side by side, as machines of a cloud do; its own start one after the other, and keep the autoscaler."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ray._private import ray_constants
from ray._private.node import Node
from ray._private.parameter import RayParams
from ray.autoscaler._private.fake_multi_node.node_provider import FakeMultiNodeProvider
from ray.autoscaler.tags import (
    NODE_KIND_WORKER,
    STATUS_UP_TO_DATE,
    TAG_RAY_NODE_KIND,
    TAG_RAY_NODE_NAME,
    TAG_RAY_NODE_STATUS,
    TAG_RAY_USER_NODE_TYPE,
)


class NodesAtOnce(FakeMultiNodeProvider):  # type: ignore[misc]
    """Starts nodes as processes of this machine; all else is Ray's."""

    def create_node_with_resources_and_labels(
        self, _node_config: Any, tags: dict[str, str], count: int, resources: dict[str, Any], labels: dict[str, str]
    ) -> None:
        """Start `count` nodes; return when all are up."""
        with ThreadPoolExecutor(count) as threads:
            list(threads.map(lambda _: self._start(tags, dict(resources), labels), range(count)))

    def _start(self, tags: dict[str, str], resources: dict[str, Any], labels: dict[str, str]) -> None:
        with self.lock:
            node_id = self._next_hex_node_id()
        parameters = RayParams(
            min_worker_port=0,
            max_worker_port=0,
            dashboard_agent_listen_port=0,
            num_cpus=resources.pop("CPU", 0),
            object_store_memory=resources.pop("object_store_memory", None),
            resources=resources,
            labels=labels,
            gcs_address=self._gcs_address,
            # Left to themselves, two that start at once take the same names.
            raylet_socket_name=f"{self.provider_config['folder']}/raylet{node_id[-5:]}",
            plasma_store_socket_name=f"{self.provider_config['folder']}/store{node_id[-5:]}",
            env_vars={
                "RAY_OVERRIDE_NODE_ID_FOR_TESTING": node_id,
                "RAY_CLOUD_INSTANCE_ID": node_id,
                "RAY_NODE_TYPE_NAME": tags[TAG_RAY_USER_NODE_TYPE],
                ray_constants.RESOURCES_ENVIRONMENT_VARIABLE: json.dumps(resources),
                ray_constants.LABELS_ENVIRONMENT_VARIABLE: json.dumps(labels),
            },
        )
        node = Node(parameters, head=False, shutdown_at_exit=False, spawn_reaper=False)
        own = {TAG_RAY_NODE_KIND: NODE_KIND_WORKER, TAG_RAY_NODE_NAME: node_id, TAG_RAY_NODE_STATUS: STATUS_UP_TO_DATE}
        with self.lock:
            self._nodes[node_id] = {"tags": own | tags, "node": node}
