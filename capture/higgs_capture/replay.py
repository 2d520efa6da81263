"""Reads journals back: the recording of each process, with its tensors still in the file."""

from __future__ import annotations

import json
import mmap
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import events as kinds
from .journal import FRAME, HEAD, MAGIC, RECORD, SUFFIX, TENSOR, PathLike
from .tensors import NONE, STORAGE, Tensor

_RECORDS = {
    name: getattr(kinds, name)
    for name in (
        "Raised",
        "Site",
        "PromptBuilt",
        "Encoded",
        "Collated",
        "AudioStep",
        "TopLogits",
        "TextStep",
        "Generated",
        "Reverted",
        "Decoded",
        "Written",
    )
}
_HOOKS = {
    "PromptBuilt": "prompt",
    "Encoded": "encode",
    "Collated": "collator",
    "Generated": "generate",
    "AudioStep": "audio_step",
    "TextStep": "text_step",
    "Reverted": "revert",
    "Decoded": "decode",
    "Written": "write",
}


class JournalError(Exception):
    """A journal that cannot be read, with the file in the message."""


@dataclass
class Process:
    """One observed process."""

    about: dict[str, Any] = field(default_factory=dict)
    events: list[kinds.Event] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    """What it told about its surroundings, in order."""
    hooks: kinds.HookLog = field(default_factory=kinds.HookLog)
    traceback: str | None = None
    ended: bool = False
    """Whether it reached its end; False for one that was killed or left through `os._exit`."""
    lost: int = 0
    """Bytes behind the last whole record."""


def processes(folder: PathLike) -> list[Process]:
    """The processes whose journals lie in a folder, in the order in which they began."""
    found = [read(entry.path) for entry in os.scandir(folder) if entry.name.endswith(SUFFIX)]
    return sorted(found, key=lambda process: process.about.get("started", 0))


def read(path: PathLike) -> Process:
    """Reads one journal up to its last whole record. Tensors are views of the file and take no memory of their own."""
    process = Process()
    hooks = process.hooks
    known: dict[int, Any] = {}
    seen: dict[str, int] = {}
    for head, value in _records(path, process):
        kind = head["kind"]
        if kind == "add":
            known[head["ordinal"]] = value
            process.events.append(value)
            _count(seen, value)
        elif kind == "set" and head["ordinal"] in known:
            for name, item in value.items():
                setattr(known[head["ordinal"]], name, item)
        elif kind == "append" and head["ordinal"] in known:
            getattr(known[head["ordinal"]], head["name"]).append(value)
            _count(seen, value)
        elif kind == "note":
            _note(process, head["name"], value)
    for name, count in seen.items():
        hooks.called[name] = max(hooks.called.get(name, 0), count)
    return process


def _count(seen: dict[str, int], value: Any) -> None:
    name = _HOOKS.get(type(value).__name__)
    if name is not None:
        seen[name] = seen.get(name, 0) + 1


def _note(process: Process, name: str, value: Any) -> None:
    hooks = process.hooks
    if name == "about":
        process.about = value
    elif name == "installed":
        hooks.installed.update(value)
        for hook in value:
            hooks.called.setdefault(hook, 0)
    elif name == "called":
        hooks.called.update(value)
    elif name == "failed":
        for hook, message in value.items():
            hooks.failed.setdefault(hook, message)
    elif name == "surroundings":
        process.facts.append(value)
    elif name == "traceback":
        process.traceback = value
    elif name == "ended":
        process.ended = True


def _records(path: PathLike, process: Process) -> Iterator[tuple[dict[str, Any], Any]]:
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            process.lost = 0
            return
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if content[: len(MAGIC)] != MAGIC:
        raise JournalError(f"{os.fspath(path)}: not a journal of higgs-capture of a version that this one knows")
    view = memoryview(content)
    place = len(MAGIC)
    while place + FRAME.size <= size:
        length, check = FRAME.unpack_from(view, place)
        start, end = place + FRAME.size, place + FRAME.size + length
        if length < HEAD.size or end > size or zlib.crc32(view[start:end]) != check:
            break
        (text,) = HEAD.unpack_from(view, start)
        start += HEAD.size
        head = json.loads(bytes(view[start : start + text]))
        value, _ = _value(head.pop("value"), view, start + text)
        yield head, value
        place = end
    process.lost = size - place


def _value(plain: Any, view: memoryview, place: int) -> tuple[Any, int]:
    """A value of a record whose tensors begin at `place` of the file; and where the next one begins."""
    if isinstance(plain, list):
        items = []
        for item in plain:
            value, place = _value(item, view, place)
            items.append(value)
        return items, place
    if not isinstance(plain, dict):
        return plain, place
    if TENSOR in plain:
        dtype, shape = plain[TENSOR]
        if dtype == NONE:
            return Tensor(NONE, None), place
        count = int(np.prod(shape, dtype=np.int64))
        data = np.frombuffer(view, dtype=STORAGE[dtype], count=count, offset=place).reshape(shape)
        return Tensor(dtype, data), place + data.nbytes
    if RECORD in plain:
        fields, place = _value(plain["fields"], view, place)
        return _RECORDS[plain[RECORD]](**fields), place
    found = {}
    for name, item in plain.items():
        found[name], place = _value(item, view, place)
    return found, place
