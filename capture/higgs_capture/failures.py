"""Exceptions as archives keep them: without the paths of the machine they happened on."""

from __future__ import annotations

import os
import sys
import traceback

from .events import Raised

_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))


def portable_path(filename: str) -> str:
    """A source file's path below the import path that holds it, else its base name."""
    if not os.path.isabs(filename):
        return filename
    folders = sorted((os.path.abspath(entry) for entry in sys.path if entry), key=len, reverse=True)
    for folder in folders:
        if filename.startswith(folder + os.sep):
            return os.path.relpath(filename, folder).replace(os.sep, "/")
    return os.path.basename(filename)


def raised(error: BaseException) -> Raised:
    """Type, message and innermost place of an exception."""
    frames = _foreign_frames(error)
    where = f"{portable_path(frames[-1].filename)}:{frames[-1].lineno} in {frames[-1].name}" if frames else ""
    return Raised(type(error).__name__, str(error), where)


def traceback_text(error: BaseException) -> str:
    """A traceback like Python's own, with portable paths and without this package's frames."""
    lines = ["Traceback (most recent call last):"]
    for frame in _foreign_frames(error):
        lines.append(f'  File "{portable_path(frame.filename)}", line {frame.lineno}, in {frame.name}')
        if frame.line:
            lines.append(f"    {frame.line}")
    lines.append(f"{type(error).__name__}: {error}")
    return "\n".join(lines) + "\n"


def _foreign_frames(error: BaseException) -> list[traceback.FrameSummary]:
    frames = traceback.extract_tb(error.__traceback__)
    return [
        frame
        for frame in frames
        if not os.path.abspath(frame.filename).startswith(_OWN_FOLDER + os.sep)
        and frame.filename != "<frozen runpy>"
        and os.path.basename(frame.filename) != "runpy.py"
    ]
