"""Hashes of files."""

from __future__ import annotations

import hashlib
import os
from typing import Union

PathLike = Union[str, "os.PathLike[str]"]


def file_sha256(path: PathLike) -> str:
    """Lower-case hex of a file's bytes."""
    digest = hashlib.sha256()
    with open(path, "rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def folder_sha256(folder: PathLike, endings: tuple[str, ...]) -> str | None:
    """The hash of the only file with one of the endings, or of a list `<name> <hash>` where there are several."""
    if not os.path.isdir(folder):
        return None
    names = sorted(name for name in os.listdir(folder) if name.endswith(endings))
    hashes = {name: file_sha256(os.path.join(folder, name)) for name in names}
    if len(hashes) == 1:
        return next(iter(hashes.values()))
    lines = "".join(f"{name} {value}\n" for name, value in hashes.items())
    return hashlib.sha256(lines.encode()).hexdigest() if hashes else None
