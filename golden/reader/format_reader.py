"""Reads an archive in full and checks every rule of docs/golden-format.md. Needs h5py and numpy only."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from .page import Page, Rule, read_page

STORED = {
    "float64": "f8",
    "float32": "f4",
    "float16": "f2",
    "bfloat16": "u2",
    "int64": "i8",
    "int32": "i4",
    "uint8": "u1",
    "bool": "u1",
}
SHARED_AXES = {"step", "vocabulary", "candidate"}
ROOT_ATTRIBUTES = {
    "id": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "created_at": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "created_by": r".+",
}
TENSOR_ATTRIBUTES = {"dtype", "sha256", "axes", "sample_rate", "subtype", "file"}
JSON_TYPES = {
    "null": lambda v: v is None,
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool) and v == int(v),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "string": lambda v: isinstance(v, str),
    "list": lambda v: isinstance(v, list),
    "object": lambda v: isinstance(v, dict),
}


class Refused(Exception):
    """What a reader must not read; the text says what and where."""


@dataclass(frozen=True)
class Entry:
    """One name of an object."""

    path: str
    kind: str
    dtype: str | None = None
    shape: tuple[int, ...] | None = None
    sha256: str | None = None


@dataclass
class Reading:
    """What an archive holds, what is wrong with it and what is only unusual."""

    entries: list[Entry] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sha256(data: np.ndarray | None) -> str:
    """The archive's hash of an array as it is stored, or of None."""
    if data is None:
        return hashlib.sha256(b"").hexdigest()
    data = np.asarray(data)
    return hashlib.sha256(data.astype(data.dtype.newbyteorder("<")).tobytes(order="C")).hexdigest()


def read(path: Path | str, page: Page | None = None) -> Reading:
    """Reads everything; raises `Refused` if the file is no archive of this version."""
    with h5py.File(path, "r") as file:
        return _Reader(file, page or read_page()).run()


def text_attribute(owner: h5py.HLObject, name: str) -> str | None:
    """A text attribute; None if there is none of that name."""
    value = owner.attrs.get(name)
    if isinstance(value, bytes):
        value = value.decode()
    if value is not None and not isinstance(value, str):
        raise Refused(f"{owner.name}: the attribute {name} is no text")
    return value


def order(name: str) -> tuple[bool, int, bytes]:
    """Decimal names by value, then the others by their bytes."""
    return (False, int(name), b"") if name.isascii() and name.isdecimal() else (True, 0, name.encode())


class _Reader:
    def __init__(self, file: h5py.File, page: Page) -> None:
        self.file, self.page, self.reading = file, page, Reading()
        self.seen: dict[int, str] = {}
        self.extents: dict[tuple[str, str], int] = {}

    def run(self) -> Reading:
        root = self.file
        if text_attribute(root, "format") != "higgs-alignment-archive":
            raise Refused(f"{root.filename}: no alignment archive")
        version = root.attrs.get("format_version")
        if version is None or int(version) != 1:
            raise Refused(f"{root.filename}: format_version is {version}, this reader knows 1")
        for name, pattern in ROOT_ATTRIBUTES.items():
            if not re.fullmatch(pattern, text_attribute(root, name) or ""):
                self.note("/", f"the attribute {name} is missing or malformed")
        self.unknown_attributes(root, {"format", "format_version", *ROOT_ATTRIBUTES})
        self.seen[address(root)] = "/"
        self.group((), self.page.rules, False)
        return self.reading

    def error(self, path: str, what: str) -> None:
        self.reading.errors.append(f"{path}: {what}")

    def note(self, path: str, what: str) -> None:
        self.reading.notes.append(f"{path}: {what}")

    def unknown_attributes(self, item: h5py.HLObject, known: set[str]) -> None:
        for name in set(item.attrs) - known:
            self.note(item.name, f"unknown attribute {name}")

    # Groups

    def group(self, place: tuple[str, ...], rules: tuple[Rule, ...] | None, raised: bool) -> None:
        """Visits a group; `rules` are those of everything below it, None outside the format."""
        path = "/" + "/".join(place)
        item = self.file[path]
        names = sorted(item, key=order)
        raised = raised or (place[-1:] == ("captured",) and "raised.json" in names)
        if len({name.casefold() for name in names}) < len(names):
            self.note(path, "names differ in case only")
        depth = len(place)
        if rules is not None:
            for rule in rules:
                if len(rule.path) == depth + 1 and rule.is_missing(set(names)):
                    report = self.error if rule.presence == "required" else self.note
                    report(path, f"{rule.path[-1]} is missing")
            self.numbers(path, names, {rule.path[depth] for rule in rules}, raised)
            self.beside(path, names, rules, depth, place[-1:] == ("captured",))
        for name in names:
            below = None if rules is None else tuple(r for r in rules if fits(r.path, depth, name))
            if below == ():
                self.note(f"{path.rstrip('/')}/{name}", "not part of the format")
                below = None
            if place == ("samples",) and not re.fullmatch(r"[A-Za-z0-9._-]{1,128}", name):
                self.error(f"{path}/{name}", "no name for a request")
            self.visit((*place, name), below, raised)

    def numbers(self, path: str, names: list[str], wanted: set[str], raised: bool) -> None:
        if not wanted & {"<k>", "<i>"}:
            return
        found = [name for name in names if name.isdecimal()]
        if any(str(int(name)) != name for name in found):
            self.error(path, "a number has leading zeros")
        if [int(name) for name in found] != list(range(len(found))):
            (self.note if raised else self.error)(path, "a number is missing")

    def beside(self, path: str, names: list[str], rules: tuple[Rule, ...], depth: int, captured: bool) -> None:
        known = {name for name in names if any(fits(rule.path, depth, name) for rule in rules)}
        if "raised.json" in known and any(not name.endswith(".json") for name in known):
            (self.note if captured else self.error)(path, "tensors stand beside raised.json")

    # Objects

    def visit(self, place: tuple[str, ...], rules: tuple[Rule, ...] | None, raised: bool) -> None:
        path = "/" + "/".join(place)
        try:
            self.object(place, path, rules, raised)
        except Refused as refusal:
            self.error(path, str(refusal))
        if len(self.reading.entries) > self.page.limits["objects in one archive"]:
            raise Refused(f"{path}: too many objects")

    def object(self, place: tuple[str, ...], path: str, rules: tuple[Rule, ...] | None, raised: bool) -> None:
        if len(place) > self.page.limits["groups within groups"]:
            raise Refused("nested too deep")
        if len(place[-1].encode()) > self.page.limits["bytes of one name"]:
            raise Refused("the name is too long")
        if not isinstance(self.file.get(path, getlink=True), (h5py.HardLink, h5py.SoftLink)):
            raise Refused("a link out of the file")
        try:
            item = self.file[path]
        except (KeyError, OSError) as error:
            raise Refused(f"cannot be opened: {error}") from error
        first = self.seen.setdefault(address(item), path)
        rule = next((r for r in rules or () if len(r.path) == len(place)), None)
        if isinstance(item, h5py.Group):
            self.reading.entries.append(Entry(path, "group"))
            if rule is not None:
                self.error(path, f"a group where a {rule.kind} belongs")
            if first != path:
                self.error(path, f"a second name of the group {first}")
            else:
                self.unknown_attributes(item, set())
                self.group(place, rules, raised)
            return
        if not isinstance(item, h5py.Dataset):
            raise Refused("a committed type")
        entry, value = self.dataset(item, path)
        self.reading.entries.append(entry)
        if first != path:
            self.note(path, f"a second name of {first}")
        if rules is not None and rule is None:
            self.error(path, "a dataset where a group belongs")
        if rule is not None:
            self.check(rule, entry, item, value)

    def dataset(self, item: h5py.Dataset, path: str) -> tuple[Entry, Any]:
        """Reads a dataset by the rules that hold everywhere; the value is the document of a JSON text."""
        plist = item.id.get_create_plist()
        if item.is_virtual or item.external:
            raise Refused("elements outside the file")
        filters = [plist.get_filter(index)[0] for index in range(plist.get_nfilters())]
        if not set(filters) <= {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE} or len(set(filters)) < len(filters):
            raise Refused("a filter that archives do not use")
        if isinstance(item.id.get_type(), h5py.h5t.TypeStringID) and item.shape is not None:
            return self.text(item, path)
        self.unknown_attributes(item, TENSOR_ATTRIBUTES)
        dtype, recorded = text_attribute(item, "dtype"), text_attribute(item, "sha256")
        if dtype is None or recorded is None:
            raise Refused("dtype or sha256 is missing")
        if item.shape is None:
            if dtype != "none":
                raise Refused(f"a None of dtype {dtype}")
            data = None
        else:
            data = self.elements(item, dtype)
        if sha256(data) != recorded:
            raise Refused("the hash does not match")
        self.labels(item, path)
        shape = None if data is None else data.shape
        return Entry(path, "none" if data is None else "tensor", None if data is None else dtype, shape, recorded), None

    def text(self, item: h5py.Dataset, path: str) -> tuple[Entry, Any]:
        if item.shape != ():
            raise Refused("an array of texts")
        self.unknown_attributes(item, set())
        try:
            text = item.asstr()[()]
        except UnicodeDecodeError as error:
            raise Refused("no UTF-8") from error
        if len(text.encode()) > self.page.limits["bytes of one text"]:
            raise Refused("too long")
        if not path.endswith(".json"):
            return Entry(path, "text"), None
        try:
            return Entry(path, "json"), json.loads(text, object_pairs_hook=unique, parse_constant=no_constant)
        except ValueError as error:
            raise Refused(f"no JSON: {error}") from error

    def elements(self, item: h5py.Dataset, dtype: str) -> np.ndarray:
        limits = self.page.limits
        if dtype not in STORED:
            raise Refused(f"unknown dtype {dtype}")
        if item.dtype.newbyteorder("<") != np.dtype("<" + STORED[dtype]):
            raise Refused(f"{dtype} stored as {item.dtype}")
        if len(item.shape) > limits["axes of one tensor"] or item.nbytes > limits["bytes of one tensor"]:
            raise Refused("too large")
        if item.nbytes > limits["declared bytes for each stored byte"] * item.id.get_storage_size():
            raise Refused("more declared than stored")
        data = np.asarray(item[()])
        if dtype == "bool" and data.size and data.max() > 1:
            raise Refused("a bool that is neither 0 nor 1")
        return data

    def labels(self, item: h5py.Dataset, path: str) -> None:
        axes = text_attribute(item, "axes")
        if axes is not None:
            names = json.loads(axes)
            if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
                raise Refused("axes is no list of names")
            if item.shape is not None and len(names) != len(item.shape):
                self.error(path, "not one name for each axis")
        rate = item.attrs.get("sample_rate")
        if rate is not None and (np.size(rate) != 1 or int(rate) != rate):
            raise Refused("sample_rate is no whole number")

    # The layout

    def check(self, rule: Rule, entry: Entry, item: h5py.Dataset, value: Any) -> None:
        if entry.kind == "none" and rule.kind == "tensor" and rule.allows_none:
            return
        if entry.kind != rule.kind:
            self.error(entry.path, f"a {entry.kind} where a {rule.kind} belongs")
        elif entry.kind == "json":
            self.document(entry.path, value)
        elif entry.kind == "tensor":
            self.tensor(rule, entry, item)

    def tensor(self, rule: Rule, entry: Entry, item: h5py.Dataset) -> None:
        if rule.dtypes and entry.dtype not in rule.dtypes:
            self.error(entry.path, f"dtype {entry.dtype}, expected {sorted(rule.dtypes)}")
        for name in rule.attributes:
            if name not in item.attrs:
                self.error(entry.path, f"the attribute {name} is missing")
        if not rule.axes or entry.shape is None:
            return
        axes = next((form for form in rule.axes if len(form) == len(entry.shape)), None)
        if axes is None:
            self.error(entry.path, f"shape {entry.shape}, expected {rule.axes}")
            return
        given = text_attribute(item, "axes")
        if given is not None and tuple(json.loads(given)) != axes:
            self.error(entry.path, f"axes {given}, expected {axes}")
        stage = "/".join(entry.path.split("/")[:4])
        for axis, extent in zip(axes, entry.shape):
            if axis in SHARED_AXES and self.extents.setdefault((stage, axis), extent) != extent:
                self.error(entry.path, f"{extent} along {axis}, another tensor has another number")

    def document(self, path: str, value: Any) -> None:
        name = path.rsplit("/", 1)[-1]
        if name == "messages.json":
            if not isinstance(value, list):
                self.error(path, "no list")
            return
        if not isinstance(value, dict):
            self.error(path, "no object")
            return
        if name == "profile.json":
            for key, item in value.items():
                if isinstance(item, dict):
                    self.error(path, f"{key} is an object")
                elif "." not in key:
                    self.note(path, f"{key} is no <stage>.<knob>")
        fields = {} if path == "/config/codec.json" else self.page.fields.get(name, {})
        for key, (types, required) in fields.items():
            if key not in value:
                if required:
                    self.error(path, f"the field {key} is missing")
            elif not allowed(value[key], types):
                self.error(path, f"the field {key} is no {types}")
        for key in value.keys() - fields.keys() if fields else ():
            self.note(path, f"unknown field {key}")


def address(item: h5py.HLObject) -> int:
    """Where the object stands in the file: two names with one address are one object."""
    return int(h5py.h5o.get_info(item.id).addr)


def fits(path: tuple[str, ...], depth: int, name: str) -> bool:
    """Whether a rule's path has this name, or a placeholder for it, at a depth."""
    if len(path) <= depth:
        return False
    wanted = path[depth]
    if wanted in ("<k>", "<i>"):
        return name.isascii() and name.isdecimal()
    return wanted.startswith("<") or wanted == name


def allowed(value: Any, types: str) -> bool:
    """Whether a value is one of `integer or null`, or one of the texts of `one of a, b`."""
    if types.startswith("one of "):
        return value in types.removeprefix("one of ").split(", ")
    return any(JSON_TYPES[name](value) for name in types.split(" or "))


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def no_constant(name: str) -> Any:
    """NaN and the infinities are no JSON."""
    raise ValueError(name)
