"""Where in the user's own code a stage was called: the innermost frame that is nobody else's."""

from __future__ import annotations

import contextlib
import linecache
import os
import sysconfig
from types import FrameType

from ..events import Site
from ..failures import portable_path

_RUNNER = "higgs_capture.recorder"
"""Runs the script: what called it is not the script's."""
_LIBRARIES = frozenset(
    {"higgs_capture", "boson_multimodal", "transformers", "torch", "torchaudio", "soundfile", "scipy", "librosa"}
)
"""Packages that are nobody's own also where they are not installed: a checkout on the import path."""
_STANDARD = (
    os.path.dirname(os.path.abspath(os.__file__)),
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("platstdlib"),
)
"""Folders of the standard library; it may be reached under several names."""
_PACKAGES = ("site-packages", "dist-packages")
_TYPED = ("<stdin>", "<ipython-input-")
"""Code without a file that is a user's all the same."""
SOURCE_LIMIT = 200

_installed: dict[str, bool] = {}


def site(frame: FrameType | None) -> Site | None:
    """The innermost place in the user's own code at or above `frame`; None where libraries call each other."""
    while frame is not None and frame.f_globals.get("__name__") != _RUNNER:
        if _is_own(frame):
            return _site(frame)
        frame = frame.f_back
    return None


def remember_source(script: str) -> None:
    """Reads a script's lines while its path still leads to it: it may be relative, and the script may go elsewhere."""
    with contextlib.suppress(Exception):
        linecache.checkcache(script)
        linecache.getlines(script)


def _site(frame: FrameType) -> Site:
    file, line = frame.f_code.co_filename, frame.f_lineno
    source = linecache.getline(file, line, frame.f_globals).strip()[:SOURCE_LIMIT]
    return Site(portable_path(file), line, source, frame.f_code.co_name)


def _is_own(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    found = _installed.get(file)
    if found is None:
        found = _installed[file] = _is_installed(file)
    return not found and str(frame.f_globals.get("__name__")).partition(".")[0] not in _LIBRARIES


def _is_installed(file: str) -> bool:
    """Whether a source file is the standard library's, an installed package's, or no file that a user wrote."""
    if file.startswith("<"):
        return not file.startswith(_TYPED)
    path = os.path.abspath(file)
    return path.startswith(tuple(folder + os.sep for folder in _STANDARD)) or any(
        part in _PACKAGES for part in path.split(os.sep)
    )
