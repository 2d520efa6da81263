"""The journal: what a process under observation writes as it goes, one checked record after the other.

A file is `MAGIC`, then records: length of the payload and its CRC-32 (two little-endian 32-bit numbers), then the
payload: length of its head (32 bits), the head as JSON, and the bytes of the head's tensors in order. A process that
is killed loses at most the record that it was writing. Nothing here needs more than the standard library.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import struct
import threading
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Union

MAGIC = b"higgs-capture journal 1\n"
FRAME = struct.Struct("<II")
HEAD = struct.Struct("<I")
SUFFIX = ".journal"
TENSOR, RECORD = "!tensor", "!record"
#: A payload's length is held in 32 bits.
LIMIT = 0xFFFF_FFFF

PathLike = Union[str, "os.PathLike[str]"]


class Journal:
    """A journal file that is being written. If it cannot be written, the record is dropped and `failed` says why.

    Threads may write at the same time. A forked child must open a journal of its own; `is_own` tells it so.
    """

    def __init__(self, path: PathLike, about: dict[str, Any]) -> None:
        self.path = os.fspath(path)
        self.failed: str | None = None
        self._lock = threading.Lock()
        self._next = 0
        self._process = os.getpid()
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
        self._end = 0
        self._append([MAGIC])
        self.note("about", about)

    @property
    def is_own(self) -> bool:
        """Whether this process opened it."""
        return self._process == os.getpid()

    def add(self, event: Any) -> Entry:
        """Writes an event; what is learnt about it later goes to the entry that this returns."""
        with self._lock:
            ordinal = self._next
            self._next += 1
        self._write("add", {"ordinal": ordinal}, event)
        return Entry(self, ordinal)

    def note(self, name: str, value: Any) -> None:
        """Writes a fact about the run: a name and any value that a record can hold."""
        self._write("note", {"name": name}, value)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write(self, kind: str, head: dict[str, Any], value: Any) -> None:
        blobs: list[Any] = []
        text = json.dumps({"kind": kind, **head, "value": plain(value, blobs)}, separators=(",", ":")).encode()
        parts: list[Any] = [HEAD.pack(len(text)), text, *blobs]
        if sum(len(part) for part in parts) > LIMIT:
            raise ValueError("a record is larger than a journal holds")
        self._append(_framed(parts))

    def _append(self, parts: Sequence[Any]) -> None:
        # In a forked child nobody would ever give the lock back that a thread of the parent's held.
        if not self.is_own:
            return
        with self._lock:
            if self._file < 0 or self.failed is not None:
                return
            try:
                self._end += _write_all(self._file, parts)
            except OSError as error:
                # Whole records only: what was written of this one is taken back, and where there is room say why.
                self.failed = f"{type(error).__name__}: {error}"
                os.ftruncate(self._file, self._end)
                os.lseek(self._file, self._end, os.SEEK_SET)
                with contextlib.suppress(OSError):
                    _write_all(self._file, _framed(_failure(f"nothing more is kept ({self.failed})")))


class Entry:
    """An event in the journal that is still going on."""

    def __init__(self, journal: Journal, ordinal: int) -> None:
        self._journal = journal
        self._ordinal = ordinal

    def set(self, **fields: Any) -> None:
        """Sets fields of the event."""
        self._journal._write("set", {"ordinal": self._ordinal}, fields)

    def append(self, name: str, item: Any) -> None:
        """Puts an item behind those of a list of the event."""
        self._journal._write("append", {"ordinal": self._ordinal, "name": name}, item)


def plain(value: Any, blobs: list[Any]) -> Any:
    """A value as JSON: records by name and fields, tensors by dtype and shape, their bytes behind `blobs`."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item, blobs) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, blobs) for item in value]
    if hasattr(value, "dtype") and hasattr(value, "data") and dataclasses.is_dataclass(value):
        if value.data is None:
            return {TENSOR: [value.dtype, None]}
        array = value.data if value.data.flags.c_contiguous else value.data.copy()
        blobs.append(memoryview(array.reshape(-1).view("u1")))
        return {TENSOR: [value.dtype, list(array.shape)]}
    if dataclasses.is_dataclass(value):
        fields = {field.name: plain(getattr(value, field.name), blobs) for field in dataclasses.fields(value)}
        return {RECORD: type(value).__name__, "fields": fields}
    return str(value)


def _failure(message: str) -> list[bytes]:
    text = json.dumps({"kind": "note", "name": "failed", "value": {"journal": message}}).encode()
    return [HEAD.pack(len(text)), text]


def _framed(parts: Sequence[Any]) -> list[Any]:
    """A payload's parts with its length and check in front."""
    check = 0
    for part in parts:
        check = zlib.crc32(part, check)
    return [FRAME.pack(sum(len(part) for part in parts), check), *parts]


def _write_all(file: int, parts: Iterable[Any]) -> int:
    """Writes the parts one behind the other; the number of bytes."""
    left = [memoryview(part).cast("B") for part in parts if len(part)]
    total = sum(len(part) for part in left)
    while left:
        written = os.writev(file, left[:64])
        while left and written >= len(left[0]):
            written -= len(left.pop(0))
        if written:
            left[0] = left[0][written:]
    return total
