"""`higgs-capture check`: what would be recorded in an environment, found by reading its files, without running them."""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from .hooks.targets import TARGETS

KNOWN = {
    "boson_multimodal": ("0.1.0", "0.1.1"),
    "transformers": ("4.46.3", "5.23.0"),
}
"""Versions that the recorder's tests ran with."""
STACKS = {
    "boson": ("boson_multimodal", "upstream's package, boson_multimodal"),
    "port": ("transformers", "the port in transformers 5.3 or later"),
}
INSTALL = {
    "boson": "pip install boson_multimodal 'transformers<4.47', or a checkout of upstream on PYTHONPATH",
    "port": "pip install 'transformers>=5.3'",
}


def main(given: Sequence[str]) -> int:
    """0 if a pipeline of one of the stacks can be recorded, 1 if none can, 2 if the Python cannot be asked."""
    made = argparse.ArgumentParser(
        prog="higgs-capture check", description="Says what would be recorded in a Python environment."
    )
    made.add_argument("python", nargs="?", default=sys.executable, help="the environment's Python (default: this one)")
    options = made.parse_args(given)
    package = str(Path(__file__).resolve().parents[1])
    start = "from higgs_capture.check import tell; tell()"
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        done = subprocess.run(
            [options.python, "-c", start],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        told = getattr(error, "stderr", "").strip().rpartition("\n")[2]
        reason = getattr(error, "strerror", None) or told or "it gives no answer"
        print(f"higgs-capture: {options.python}: is no Python that can be asked ({reason})", file=sys.stderr)
        return 2
    print("\n".join(lines(options.python, found)))
    return 0 if any(is_whole(found, stack) for stack in STACKS if stack in TARGETS) else 1


def is_whole(found: dict[str, Any], stack: str) -> bool:
    """Whether every target of a stack is where it is looked for."""
    return all(found["targets"][stack].values())


def lines(python: str, found: dict[str, Any]) -> Iterator[str]:
    """The answer for a person."""
    yield f"Python {found['python']}, {python}" + ("" if found["numpy"] else ": NumPy is missing, install it")
    for stack, (package, title) in STACKS.items():
        if stack not in TARGETS:
            continue
        version = found["versions"].get(package)
        targets = found["targets"][stack]
        missing = [name for name, there in targets.items() if not there]
        yield ""
        if not any(targets.values()):
            yield f"{title}: not found. {INSTALL[stack]}"
        elif missing:
            yield f"{title}: found, but this would not be recorded: {', '.join(missing)}"
        else:
            known = KNOWN[package]
            tried = "which was tried" if version in known else f"where {', '.join(known)} were tried"
            yield f"{title}: {version or 'a checkout'}, {tried}; all {len(targets)} hooks have a place"
    yield ""
    sound = found["targets"]["sound"]
    writers = sorted({name.rpartition(".")[0].removesuffix(".Wave_write") for name, there in sound.items() if there})
    yield f"sound files written with {', '.join(writers)} would be recorded"


# In the environment that is asked


def tell() -> None:
    """Prints what is there, as JSON."""
    versions = {}
    for package, _ in STACKS.values():
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    answer = {
        "python": sys.version.split()[0],
        "numpy": importlib.util.find_spec("numpy") is not None,
        "versions": versions,
        "targets": {
            part: {f"{module}.{name}": name in names(module) for module, hooks in modules.items() for name in hooks}
            for part, modules in TARGETS.items()
        },
    }
    print(json.dumps(answer))


def names(module: str) -> set[str]:
    """Functions, and methods as Class.method, of a module's source; none where there is no such file."""
    file = source(module)
    if file is None:
        return set()
    tree = ast.parse(file.read_bytes())
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{item.name}" for item in node.body if isinstance(item, ast.FunctionDef)}
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
    return found


def source(module: str) -> Path | None:
    """The file of a module, found without importing it or its parents."""
    top, *rest = module.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None:
        return None
    if not spec.submodule_search_locations:
        return Path(spec.origin) if spec.origin and not rest else None
    for folder in spec.submodule_search_locations:
        place = Path(folder).joinpath(*rest)
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if file.is_file():
                return file
    return None
