"""Records a live Higgs Audio v2 pipeline into an alignment archive."""

from __future__ import annotations

from .archive import Archive, ArchiveError, ArchiveWriter
from .recorder import Recorder
from .tensor import ABSENT, Tensor, tensor
from .version import VERSION as __version__

__all__ = ["ABSENT", "Archive", "ArchiveError", "ArchiveWriter", "Recorder", "Tensor", "__version__", "tensor"]
