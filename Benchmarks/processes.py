"""How long a command takes, and how much memory it had."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import NamedTuple

LAUNCHER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
elapsed = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
figures = [elapsed, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]
print(json.dumps([*figures, done.stdout, done.stderr, done.returncode]))
"""


class Run(NamedTuple):
    """What one run of a command took."""

    seconds: float
    processor_seconds: float
    peak: int
    """Bytes of the largest process: the command's own, or its worker's."""
    output: str


def command(*arguments: object, expected: int) -> Run:
    """Runs a command that must end with a code.

    A small process starts it: a child's peak begins with what its parent held.
    """
    launcher = [sys.executable, "-c", LAUNCHER, *map(str, arguments)]
    *found, said, code = json.loads(subprocess.run(launcher, check=True, capture_output=True).stdout)
    assert code == expected, f"{arguments} ended with {code}: {said}"
    return Run(*found)
