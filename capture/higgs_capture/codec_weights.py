"""Keeps the codec's decode side once, beside the captures that refer to it."""

from __future__ import annotations

import os
from pathlib import Path

from .archive import Archive, ArchiveError, ArchiveWriter, PathLike
from .hashes import file_sha256
from .stages import CodecReference
from .tensors import Tensor

GROUP = "/weights/codec"
#: A fixed time, so that the same weights always give the same file and the same hash.
_CREATED_AT = "1970-01-01T00:00:00Z"


def cache_folder() -> Path:
    """`$XDG_CACHE_HOME/higgs-alignment`, by default `~/.cache/higgs-alignment`."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "higgs-alignment"


def store(weights: dict[str, Tensor], folder: PathLike | None = None) -> CodecReference:
    """Writes the tensors as `<sha256>.h5` into the folder, unless they are there already."""
    target = Path(folder) if folder is not None else cache_folder()
    target.mkdir(parents=True, exist_ok=True)
    draft = target / f"draft-{os.getpid()}.h5"
    with ArchiveWriter(draft, created_at=_CREATED_AT) as writer:
        for name, item in weights.items():
            writer.tensor(f"{GROUP}/{name}", item)
    digest = file_sha256(draft)
    os.replace(draft, target / f"{digest}.h5")
    return CodecReference(digest, f"{digest}.h5")


def refer(archive: PathLike, hint: str, weights: dict[str, Tensor]) -> CodecReference:
    """Refers to an archive that holds the same tensors; raises if one is missing or different."""
    with Archive(archive) as reader:
        for name, item in weights.items():
            path = f"{GROUP}/{name}"
            if path not in reader:
                raise ArchiveError(f"{archive}: {path} is missing")
            if not reader.tensor(path).equals(item):
                raise ArchiveError(f"{archive}: {path} is not the tensor that the codec holds")
    return CodecReference(file_sha256(archive), hint)
