"""Runs the user's command with every Python process in it observed, and passes everything through."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .observer import FOLDER, OPTIONS
from .options import Options

STARTUP = Path(__file__).resolve().with_name("startup")
RUN = "run.json"
"""What a journal folder says about the run, so that it can be recovered without the command line."""
PASSED_ON = {
    *(signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT),
    *(signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH, signal.SIGCONT),
}
POLL = 0.2
"""Seconds after which the end of the command is looked for between signals."""


class LaunchError(Exception):
    """A run that cannot be begun, with the reason and what to do in the message."""


class StartError(OSError):
    """A command that cannot be started."""


def journal_folder(path: str | os.PathLike[str]) -> Path:
    """The folder of journals beside an archive."""
    path = Path(path)
    return path.with_name(f"{path.name}.journal")


def make_journal(path: str | os.PathLike[str]) -> Path:
    """Makes it, before anything runs. Raises LaunchError where the archive could not be written, or where an
    earlier run was left."""
    path = Path(path)
    folder = journal_folder(path)
    if path.is_dir():
        raise LaunchError(f"{path}: is a folder; --out takes the name of a file")
    try:
        folder.mkdir()
    except FileExistsError:
        raise LaunchError(
            f"{folder}: holds an earlier run that did not become an archive; "
            f"`higgs-capture recover {folder}` makes one of it, or delete it"
        ) from None
    except OSError as error:
        raise LaunchError(f"{folder}: cannot be made ({error.strerror}); choose another --out") from error
    return folder


def run(command: Sequence[str], folder: Path, options: Options) -> int:
    """Runs the command to its end. Returns what `subprocess` does: the exit status, or minus the signal's number.

    Standard streams are the command's own. What the terminal signals reaches it by itself; what is sent to this process
    alone is passed on. Raises StartError if the command cannot be started.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)
    try:
        process = subprocess.Popen(
            list(command),
            env=environment(folder, options),
            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, before),
        )
    except OSError as error:
        raise StartError(error.errno, error.strerror, command[0]) from error
    else:
        threading.Thread(target=_pass_on, args=(process,), daemon=True).start()
        # What the archive needs is loaded while there is nothing else to do.
        threading.Thread(target=_prepare, daemon=True).start()
        return process.wait()
    finally:
        # What came together with the command's end was for the command: the archive is still to be made.
        while signal.sigtimedwait(PASSED_ON, 0) is not None:
            continue
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _pass_on(process: subprocess.Popen[bytes]) -> None:
    """Takes the blocked signals as they come. One that the kernel sent, as it does for a terminal, went to the whole
    group of processes, the command among them."""
    while process.returncode is None:
        received = signal.sigtimedwait(PASSED_ON, POLL)
        if received is not None and received.si_code <= 0:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(received.si_signo)


def environment(folder: Path, options: Options) -> dict[str, str]:
    """The environment of this process, with the observation in it."""
    given = dict(os.environ)
    before = given.get("PYTHONPATH")
    given["PYTHONPATH"] = os.pathsep.join([str(STARTUP)] + ([before] if before else []))
    given[FOLDER] = str(folder.resolve())
    given[OPTIONS] = options.json()
    return given


def note_run(folder: Path, about: dict[str, Any]) -> None:
    """Keeps beside the journals what the archive will need: whole, or as it was before. Raises OSError."""
    draft = folder / f"{RUN}.draft"
    draft.write_text(json.dumps(about) + "\n")
    draft.replace(folder / RUN)


def noted_run(folder: Path) -> dict[str, Any]:
    """What `note_run` kept; empty where there is nothing."""
    try:
        found: dict[str, Any] = json.loads((folder / RUN).read_text())
    except (OSError, ValueError):
        return {}
    return found


def end_like(status: int) -> int:
    """Ends this process the way the command ended: by the same signal, or with its exit status."""
    if status >= 0:
        return status
    number = -status
    sys.stdout.flush()
    sys.stderr.flush()
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        # The command has left its core file, if it was to.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    return 128 + number


def _prepare() -> None:
    with contextlib.suppress(ImportError):
        from . import assembly  # noqa: F401
