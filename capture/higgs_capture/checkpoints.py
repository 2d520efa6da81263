"""The checkpoints that a run loaded: path as given, hash, revision. Read after the run, not by the run."""

from __future__ import annotations

import os
from typing import Any

from .events import Surroundings
from .hashes import file_sha256, folder_sha256

_WEIGHTS = (".safetensors", ".bin")


def checkpoints(surroundings: Surroundings, folder: str) -> dict[str, dict[str, Any]]:
    """Model and codec checkpoint; relative paths start at `folder`. A hub's name has no hash, but a revision."""
    found = {name: dict(facts) for name, facts in surroundings.checkpoints.items()}
    config = surroundings.model_config
    if config and config.get("_name_or_path"):
        path = str(config["_name_or_path"])
        facts = {
            "path": path,
            "sha256": folder_sha256(os.path.join(folder, path), _WEIGHTS),
            "revision": config.get("_commit_hash"),
        }
        found.setdefault("model", {}).update(facts)
    if "codec" in found:
        path = os.path.join(folder, found["codec"]["path"])
        file = os.path.join(path, "model.pth")
        digest = file_sha256(file) if os.path.isfile(file) else folder_sha256(path, _WEIGHTS)
        found["codec"].update(sha256=digest, revision=found["codec"].get("revision"))
    return found
