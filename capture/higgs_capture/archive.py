"""Reads and writes alignment archives (format version 1): tensors and JSON in one HDF5 file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Union

import h5py
import numpy as np

from .tensors import NONE, STORAGE, Tensor, tensor
from .version import CREATED_BY

FORMAT = "higgs-alignment-archive"
FORMAT_VERSION = 1
#: Tensors up to this many bytes are stored contiguous; larger ones are chunked and compressed.
CONTIGUOUS_LIMIT = 4096
CHUNK_BYTES = 1 << 20
_CONTENT_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "higgs-alignment-archive/content")

PathLike = Union[str, "os.PathLike[str]"]


class ArchiveError(Exception):
    """An archive that cannot be read or written, with the file and the place in the message."""


def json_text(value: Any) -> str:
    """JSON as archives store it: sorted keys, one space of indent, no NaN."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)


def creation_time() -> str:
    """Now in ISO 8601, or the time that SOURCE_DATE_EPOCH gives."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), timezone.utc) if epoch else datetime.now(timezone.utc)
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


class ArchiveWriter:
    """Writes an archive under a temporary name; the final name appears only when it is whole.

    With `base` the new archive starts as a copy of that one. With `id` None the id is derived from
    the content, so that the same content always has the same id. Large tensors that are equal in
    elements and attributes are stored once, under several names (hard links).
    """

    def __init__(
        self,
        path: PathLike,
        *,
        base: PathLike | None = None,
        id: str | None = None,
        created_at: str | None = None,
        created_by: str = CREATED_BY,
    ) -> None:
        self.path = Path(path)
        self._partial = self.path.with_name(f".{self.path.name}.{os.getpid()}.partial")
        self._id = id
        self._stored: dict[tuple[Any, ...], str] = {}
        if base is not None:
            shutil.copyfile(base, self._partial)
        self._file: h5py.File | None = h5py.File(self._partial, "w" if base is None else "r+")
        self._file.attrs["format"] = FORMAT
        self._file.attrs["format_version"] = FORMAT_VERSION
        self._file.attrs["created_by"] = created_by
        self._file.attrs["created_at"] = created_at or creation_time()
        for path in _paths(self._file, ""):
            self._remember(self._file[path], path)

    def tensor(
        self,
        path: str,
        value: Any,
        *,
        axes: list[str] | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> Tensor:
        """Stores one tensor (or None) with its dtype, its hash and, where given, its axes."""
        item = tensor(value)
        marks = {"dtype": item.dtype, "sha256": item.sha256, **(attributes or {})}
        if axes is not None:
            marks["axes"] = json.dumps(axes)
        large = item.data is not None and item.data.nbytes > CONTIGUOUS_LIMIT
        key = (item.shape, tuple(sorted(marks.items())))
        if large and key in self._stored:
            self._open[path] = self._open[self._stored[key]]
            return item
        if item.data is None:
            dataset = self._open.create_dataset(path, data=h5py.Empty(np.dtype("u1")))
        elif not large:
            dataset = self._open.create_dataset(path, data=item.data, track_times=False)
        else:
            dataset = self._open.create_dataset(
                path,
                data=item.data,
                chunks=_chunks(item.data.shape, item.data.dtype.itemsize),
                compression="gzip",
                compression_opts=4,
                shuffle=True,
                track_times=False,
            )
        for name, mark in marks.items():
            dataset.attrs[name] = mark
        if large:
            self._stored[key] = path
        return item

    def _remember(self, dataset: h5py.Dataset, path: str) -> None:
        if "dtype" in dataset.attrs and dataset.chunks is not None:
            marks = {name: _python(value) for name, value in dataset.attrs.items()}
            self._stored.setdefault((dataset.shape, tuple(sorted(marks.items()))), path)

    def json(self, path: str, value: Any) -> None:
        """Stores a JSON document; the path ends in `.json`."""
        self.text(path, json_text(value))

    def text(self, path: str, value: str) -> None:
        """Stores a scalar UTF-8 string."""
        self._open.create_dataset(path, data=value, dtype=h5py.string_dtype("utf-8"), track_times=False)

    def remove(self, path: str) -> None:
        """Drops a group or dataset if it is there (only of use with `base`)."""
        if path in self._open:
            del self._open[path]

    def commit(self) -> None:
        """Closes the file, makes it durable and gives it its final name."""
        file = self._open
        file.attrs["id"] = self._id or content_id(file)
        file.close()
        self._file = None
        with open(self._partial, "rb") as handle:
            os.fsync(handle.fileno())
        os.replace(self._partial, self.path)
        _sync_folder(self.path.parent)

    def discard(self) -> None:
        """Closes and deletes the temporary file; the final name is left as it was."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._partial.unlink(missing_ok=True)

    @property
    def _open(self) -> h5py.File:
        if self._file is None:
            raise ArchiveError(f"{self.path}: the archive is closed")
        return self._file

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.discard()


class Archive:
    """An archive opened for reading. Every tensor's hash is checked as it is read."""

    def __init__(self, path: PathLike, *, verify: bool = True) -> None:
        self.path = str(path)
        self._verify = verify
        try:
            self._file = h5py.File(path, "r")
        except OSError as error:
            raise ArchiveError(f"{self.path}: not a readable HDF5 file ({error})") from error
        try:
            self._check_format()
        except ArchiveError:
            self._file.close()
            raise

    def _check_format(self) -> None:
        found = self._file.attrs.get("format")
        if found != FORMAT:
            raise ArchiveError(f"{self.path}: format is {found!r}, expected {FORMAT!r}")
        version = self._file.attrs.get("format_version")
        if version is None or int(version) < 1:
            raise ArchiveError(f"{self.path}: format_version is {version!r}")
        if int(version) > FORMAT_VERSION:
            raise ArchiveError(
                f"{self.path}: format_version {int(version)} is newer than {FORMAT_VERSION}, "
                "the newest that this reader knows"
            )

    @property
    def attributes(self) -> dict[str, Any]:
        """Root attributes as Python values."""
        return {name: _python(value) for name, value in self._file.attrs.items()}

    def paths(self) -> Iterator[str]:
        """Every dataset's absolute path, groups in name order."""
        yield from _paths(self._file, "")

    def __contains__(self, path: str) -> bool:
        return path in self._file

    def children(self, path: str) -> list[str]:
        """Names below a group; decimal names in numeric order, the rest by name."""
        if path not in self._file:
            return []
        return sorted(self._file[path], key=_numeric_first)

    def is_tensor(self, path: str) -> bool:
        item = self._file.get(path)
        return isinstance(item, h5py.Dataset) and "dtype" in item.attrs

    def tensor(self, path: str) -> Tensor:
        """Reads one tensor; raises if its hash or its stored type is not what it declares."""
        dataset = self._dataset(path)
        name = _python(dataset.attrs.get("dtype"))
        if name == NONE:
            if dataset.shape is not None:
                raise ArchiveError(f"{self.path}: {path} is declared none but has elements")
            return Tensor(NONE, None)
        if name not in STORAGE:
            raise ArchiveError(f"{self.path}: {path} has unknown dtype {name!r}")
        if dataset.dtype != STORAGE[name]:
            raise ArchiveError(f"{self.path}: {path} is declared {name} but stored as {dataset.dtype}")
        item = Tensor(name, np.asarray(dataset[()], dtype=STORAGE[name]))
        declared = _python(dataset.attrs.get("sha256"))
        if self._verify and item.sha256 != declared:
            raise ArchiveError(f"{self.path}: {path} hashes to {item.sha256}, the archive says {declared}")
        return item

    def attribute(self, path: str, name: str) -> Any:
        return _python(self._dataset(path).attrs.get(name))

    def text(self, path: str) -> str:
        return str(self._dataset(path).asstr()[()])

    def json(self, path: str) -> Any:
        try:
            return json.loads(self.text(path))
        except ValueError as error:
            raise ArchiveError(f"{self.path}: {path} is not JSON ({error})") from error

    def verify(self) -> int:
        """Reads everything, refuses links and foreign filters; returns how many tensors were checked."""
        count = 0
        for path in self.paths():
            dataset = self._dataset(path)
            if dataset.is_virtual or dataset.external:
                raise ArchiveError(f"{self.path}: {path} keeps its data outside the file")
            if dataset.compression not in (None, "gzip"):
                raise ArchiveError(f"{self.path}: {path} uses the filter {dataset.compression}")
            if "dtype" in dataset.attrs:
                self.tensor(path)
                count += 1
            elif path.endswith(".json"):
                self.json(path)
        return count

    def _dataset(self, path: str) -> h5py.Dataset:
        item = self._file.get(path)
        if not isinstance(item, h5py.Dataset):
            raise ArchiveError(f"{self.path}: no dataset {path}")
        return item

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def content_id(file: h5py.File) -> str:
    """A UUID that depends on the paths, shapes, hashes and documents below the root only."""
    digest = hashlib.sha256()
    for path in _paths(file, ""):
        dataset = file[path]
        if "sha256" in dataset.attrs:
            line = [path, dataset.attrs["dtype"], str(dataset.shape), dataset.attrs["sha256"]]
        else:
            line = [path, dataset.asstr()[()]]
        digest.update("\x00".join(line).encode() + b"\x01")
    return str(uuid.uuid5(_CONTENT_NAMESPACE, digest.hexdigest()))


def _paths(group: h5py.Group, prefix: str) -> Iterator[str]:
    for name in sorted(group):
        link = group.get(name, getlink=True)
        path = f"{prefix}/{name}"
        if not isinstance(link, h5py.HardLink):
            raise ArchiveError(f"{group.file.filename}: {path} is a link out of its place")
        item = group[name]
        if isinstance(item, h5py.Group):
            yield from _paths(item, path)
        else:
            yield path


def _chunks(shape: tuple[int, ...], itemsize: int) -> tuple[int, ...]:
    """Whole rows along the first axes, about one mebibyte each."""
    chunks = list(shape)
    for axis in range(len(chunks)):
        rest = itemsize * int(np.prod(chunks[axis + 1 :], dtype=np.int64))
        if rest < CHUNK_BYTES:
            chunks[axis] = max(1, min(chunks[axis], CHUNK_BYTES // rest))
            break
        chunks[axis] = 1
    return tuple(chunks)


def _numeric_first(name: str) -> tuple[bool, int, str]:
    return (False, int(name), name) if name.isdecimal() else (True, 0, name)


def _python(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    return value.item() if isinstance(value, np.generic) else value


def _sync_folder(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
