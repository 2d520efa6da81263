"""The command line: `higgs-capture --out run.h5 [--] script.py arguments…`, in this process."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .recorder import Recorder
from .version import VERSION


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="higgs-capture", description="Runs a Python script unchanged and records its Higgs Audio pipeline."
    )
    made.add_argument("--out", required=True, metavar="FILE", help="archive to write")
    made.add_argument("--text", action="store_true", help="also store the messages and the generated text")
    made.add_argument("--codec-archive", metavar="FILE", help="archive that holds the codec's weights already")
    made.add_argument("--version", action="version", version=VERSION)
    made.add_argument("script", help="Python script to run")
    made.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status of the script; 2 if the archive could not be written."""
    options = parser().parse_args(argv)
    recorder = Recorder(text=options.text)
    status = recorder.run_script([options.script, *options.arguments])
    try:
        codec = (options.codec_archive, options.codec_archive) if options.codec_archive else None
        found = recorder.write(options.out, codec_archive=codec)
    except Exception as error:
        print(f"higgs-capture: {options.out} was not written: {error}", file=sys.stderr)
        return status or 2
    failed = recorder.recording.hooks.failed
    for name, message in failed.items():
        print(f"higgs-capture: hook {name} failed: {message}", file=sys.stderr)
    print(f"higgs-capture: {options.out}: {len(found)} request(s)", file=sys.stderr)
    return status
