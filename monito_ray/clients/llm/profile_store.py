"""What servers take, kept in a file of `MONITO_HOME`, so that it is found once for each address and model and not by every command."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.pipeline.llm.server.server_profile import ServerProfile, profile_as_json, profile_from_json
from monito_ray.store.private_files import make_folder, open_new


class ProfileStore:
    """The profiles in a file. One that cannot be read, or written, is no error: what a server takes is found again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, address: LlmAddress) -> ServerProfile | None:
        """Return the stored profile of a server and model; None without one."""
        try:
            return profile_from_json(self._read()[_key(address)])
        except (ValueError, KeyError, TypeError):
            return None

    def save(self, address: LlmAddress, profile: ServerProfile) -> None:
        """Store a profile beside those of other servers and models."""
        profiles = self._read() | {_key(address): profile_as_json(profile) | {"model": address.model}}
        temporary = self._path.with_suffix(".tmp")  # one name for all, so that killed processes leave no heap of them
        with suppress(OSError):
            make_folder(self._path.parent)
            with open_new(temporary) as file:
                file.write(json.dumps(profiles, indent=1, sort_keys=True).encode())
            temporary.replace(self._path)

    def _read(self) -> dict[str, Any]:
        try:
            profiles = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return profiles if isinstance(profiles, dict) else {}


def _key(address: LlmAddress) -> str:
    """Return a key of all that decides what the server may refuse: with other settings it is looked at again."""
    settings = [address.base_url, address.model, address.reasoning_effort, address.service_tier, address.extra_body]
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]
