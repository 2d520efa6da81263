"""Records a live Higgs Audio v2 pipeline into an alignment archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .version import VERSION as __version__

if TYPE_CHECKING:
    from .archive import Archive, ArchiveError, ArchiveWriter
    from .recorder import Recorder, record
    from .tensors import ABSENT, Tensor, tensor

__all__ = [
    "ABSENT",
    "Archive",
    "ArchiveError",
    "ArchiveWriter",
    "Recorder",
    "Tensor",
    "__version__",
    "record",
    "tensor",
]
_HOMES = {
    "Archive": "archive",
    "ArchiveError": "archive",
    "ArchiveWriter": "archive",
    "Recorder": "recorder",
    "record": "recorder",
    "ABSENT": "tensors",
    "Tensor": "tensors",
    "tensor": "tensors",
}


def __getattr__(name: str) -> Any:
    """Loads a part when it is first asked for: an observed process needs neither NumPy nor h5py at its start."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
