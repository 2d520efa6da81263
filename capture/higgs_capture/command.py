"""The command line: records a command, and what belongs to that."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import experiment, launch
from .options import LOGITS, Options
from .repairs.catalogue import refusal
from .version import VERSION

PROGRAM = "higgs-capture"
DEFAULT_SEEDS = 8
USAGE = """%(prog)s --out run.h5 [options] -- python their_script.py …
       %(prog)s recover run.h5.journal
       %(prog)s reference --from run.h5 --out golden.h5
       %(prog)s check [PYTHON]"""


def parser() -> argparse.ArgumentParser:
    """The options of recording a command."""
    made = argparse.ArgumentParser(
        prog=PROGRAM,
        usage=USAGE,
        description="Runs a command unchanged and records the Higgs Audio pipeline in it.",
    )
    made.add_argument("--out", required=True, metavar="FILE", help="archive to write")
    made.add_argument(
        "--logits", choices=LOGITS, default="full", help="what to keep of each step's logits (default: full)"
    )
    made.add_argument(
        "--max-steps", type=_positive, metavar="N", help="of longer generations keep only the largest logits"
    )
    made.add_argument("--with-text", action="store_true", help="also store the messages and the generated text")
    made.add_argument("--with-weights", action="store_true", help="store the codec's weights in the archive itself")
    made.add_argument("--codec-archive", metavar="FILE", help="archive that holds the codec's weights already")
    made.add_argument(
        "--apply", action="append", default=[], metavar="ID", help="repair this deviation live, in runs of its own"
    )
    made.add_argument("--seeds", type=_positive, metavar="N", help=f"seeds of each arm (default: {DEFAULT_SEEDS})")
    made.add_argument("--sounds", metavar="DIR", help="with --apply: folder for each run's sound files")
    made.add_argument("--version", action="version", version=VERSION)
    made.add_argument("command", nargs=argparse.REMAINDER, help="the command, as you type it")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status of the command; 2 if the archive could not be written, 64 for wrong usage."""
    given = list(sys.argv[1:] if argv is None else argv)
    commands = {"recover": _recover, "reference": _reference, "check": _check}
    try:
        if given and given[0] in commands:
            return commands[given[0]](given[1:])
        return _record(given)
    except SystemExit as error:
        # argparse ends with 2 for wrong usage; here that is 64.
        return 64 if error.code == 2 else int(error.code or 0)


def _reference(given: Sequence[str]) -> int:
    from . import reference

    return reference.main(given)


def _check(given: Sequence[str]) -> int:
    from . import check

    return check.main(given)


def _record(given: Sequence[str]) -> int:
    made = parser()
    options = made.parse_args(given)
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        made.error("no command; for example: higgs-capture --out run.h5 -- python script.py")
    if (reason := refusal(options.apply)) is not None:
        made.error(reason)
    if options.max_steps is not None and options.logits != "full":
        made.error("--max-steps is of use with --logits full only")
    if options.seeds is not None and not options.apply:
        made.error("--seeds is of use with --apply only")
    try:
        folder = launch.make_journal(options.out)
    except launch.LaunchError as error:
        return say(str(error), 2)
    about = {
        "argv": command,
        "text": options.with_text,
        "weights": options.with_weights,
        "codec_archive": options.codec_archive,
    }
    wanted = Options(text=options.with_text, logits=options.logits, max_steps=options.max_steps)
    try:
        status = _experiment(folder, about, wanted, options) if options.apply else _run(folder, about, wanted)
    except launch.StartError as error:
        shutil.rmtree(folder, ignore_errors=True)
        return say(f"{command[0]}: cannot be started ({error.strerror})", 126 if os.path.exists(command[0]) else 127)
    except OSError as error:
        # What was recorded until then stays.
        return say(f"{folder}: cannot be written ({error.strerror}); nothing more was run", 2)
    written = _archive(folder, Path(options.out), about)
    return launch.end_like(status) if status else written


def _run(folder: Path, about: dict[str, Any], options: Options) -> int:
    """Runs the command once, and notes how it ended."""
    launch.note_run(folder, about)
    status = launch.run(about["argv"], folder, options)
    with contextlib.suppress(OSError):
        # Without room the archive says that nobody knows how the command ended.
        launch.note_run(folder, {**about, "status": status})
    return status


def _experiment(folder: Path, about: dict[str, Any], options: Options, given: argparse.Namespace) -> int:
    """Runs the command once for each arm and seed; how the last run of the script as it is ended."""
    launch.note_run(folder, about)
    sounds = Path(given.sounds or f"{given.out}.sounds")
    status = 0
    plan = list(experiment.arms(given.apply, given.seeds or DEFAULT_SEEDS))
    for number, arm in enumerate(plan):
        what = f"with {', '.join(arm.asked)} repaired" if arm.asked else "as it is"
        print(f"{PROGRAM}: run {number + 1} of {len(plan)}: seed {arm.seed}, {what}", file=sys.stderr)
        copies, place = experiment.sounds_folder(sounds, arm), folder / f"{number:04d}"
        copies.mkdir(parents=True, exist_ok=True)
        place.mkdir()
        wanted = replace(options, apply=arm.asked, seed=arm.seed, sounds=str(copies.resolve()))
        ended = _run(place, {**about, "arm": arm.json()}, wanted)
        if arm.name == experiment.AS_IS:
            status = ended
        if ended in (-signal.SIGINT, 128 + signal.SIGINT):
            # The person at the terminal wants it to stop: what was run is kept.
            return ended
    return status


def _recover(given: Sequence[str]) -> int:
    made = argparse.ArgumentParser(
        prog=f"{PROGRAM} recover", description="Makes an archive of the journals that an interrupted run left."
    )
    made.add_argument("folder", type=Path, help="the folder, which ends in .journal")
    made.add_argument("--out", metavar="FILE", help="archive to write (default: the one that the run was to write)")
    options = made.parse_args(given)
    if not options.folder.is_dir():
        return say(f"{options.folder}: is not a folder of journals, which higgs-capture makes beside --out", 2)
    about = launch.noted_run(options.folder)
    if not options.out and not options.folder.name.endswith(".journal"):
        return say(f"{options.folder}: does not end in .journal; name the archive with --out", 2)
    out = Path(options.out) if options.out else options.folder.with_suffix("")
    return _archive(options.folder, out, about)


def _archive(folder: Path, out: Path, about: dict[str, Any]) -> int:
    """Makes the archive and, if that went well, deletes the journals. 0, or 2 if it was not written."""
    from . import assembly, report

    try:
        found = assembly.from_journals(folder, out, about)
    except (Exception, KeyboardInterrupt) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return say(
            f"{out} was not written: {reason}. What was seen is kept: `{PROGRAM} recover {folder} --out FILE` "
            "makes the archive where there is room",
            2,
        )
    for line in report.lines(out, found):
        print(f"{PROGRAM}: {line}", file=sys.stderr)
    if found.running:
        print(f"{PROGRAM}: {folder} is kept: process {found.running[0]} is still running", file=sys.stderr)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def say(sentence: str, status: int) -> int:
    """One sentence on standard error; gives back the status."""
    print(f"{PROGRAM}: {sentence}", file=sys.stderr)
    return status
