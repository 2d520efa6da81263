"""The command line: what passes through, what is refused, and what is kept when something goes wrong."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from higgs_capture import Archive
from higgs_capture.command import main

PACKAGE = Path(__file__).resolve().parents[1]
PYTHON = [sys.executable, "-W", "ignore"]


def capture(folder: Path, *given: str, **more) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PACKAGE), *more.pop("paths", [])])}
    command = [*PYTHON, "-m", "higgs_capture", *given]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, **more)


def python(code: str) -> list[str]:
    return ["--", sys.executable, "-c", code]


@pytest.mark.parametrize("status", [0, 1, 3, 77])
def test_the_exit_status_and_the_streams_are_the_commands(tmp_path, status):
    code = f"import sys; print(sys.stdin.read()); print('said', file=sys.stderr); sys.exit({status})"
    run = capture(tmp_path, "--out", "run.h5", *python(code), input="given")
    assert (run.returncode, run.stdout) == (status, "given\n")
    assert run.stderr.startswith("said\n")
    with Archive(tmp_path / "run.h5") as archive:
        assert archive.json("/script.json")["exit_status"] == status
        assert archive.json("/script.json")["argv"][0] == sys.executable
    assert not (tmp_path / "run.h5.journal").exists()


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_a_signal_that_ends_the_command_ends_the_recorder(tmp_path, name):
    number = getattr(signal, name)
    run = capture(tmp_path, "--out", "run.h5", *python(f"import os; os.kill(os.getpid(), {int(number)})"))
    assert run.returncode == -number
    with Archive(tmp_path / "run.h5") as archive:
        assert archive.json("/script.json")["signal"] == number


COUNTING = (
    "import pathlib, signal, sys, time\n"
    "seen = []\n"
    "signal.signal(signal.{name}, lambda *_: seen.append(1))\n"
    "pathlib.Path('ready').touch()\n"
    "end = time.monotonic() + 60\n"
    "while not seen and time.monotonic() < end: time.sleep(0.01)\n"
    "time.sleep(0.5)\n"
    "sys.exit(10 + len(seen))\n"
)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGQUIT"])
def test_a_signal_that_is_sent_to_the_recorder_reaches_the_command_once(tmp_path, name):
    process = start(tmp_path, *python(COUNTING.format(name=name)))
    wait_for(tmp_path / "ready")
    process.send_signal(getattr(signal, name))
    process.communicate(timeout=60)
    assert process.returncode == 11
    assert (tmp_path / "run.h5").exists()


def test_what_a_terminal_sends_reaches_the_command_once(tmp_path):
    """Ctrl-C in a terminal of its own: the kernel signals the recorder and the command."""
    child, terminal = os.forkpty()
    if child == 0:
        os.chdir(tmp_path)
        os.environ["PYTHONPATH"] = str(PACKAGE)
        command = [*PYTHON, "-m", "higgs_capture", "--out", "run.h5", *python(COUNTING.format(name="SIGINT"))]
        os.execv(command[0], command)
    wait_for(tmp_path / "ready")
    os.write(terminal, b"\x03")
    status = os.waitpid(child, 0)[1]
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 11
    assert (tmp_path / "run.h5").exists()


def test_a_signal_that_the_recorder_was_started_to_ignore_is_ignored_by_the_command_too(tmp_path):
    code = "import signal, sys; sys.exit(5 if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else 6)"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    shell = "trap '' HUP; exec " + shlex.join([*PYTHON, "-m", "higgs_capture", "--out", "run.h5", *python(code)])
    assert subprocess.run(["sh", "-c", shell], cwd=tmp_path, env=environment, check=False).returncode == 5


def test_what_is_left_when_the_recorder_itself_is_killed_can_be_recovered(tmp_path):
    code = "import pathlib, time; pathlib.Path('ready').touch(); time.sleep(60)"
    process = start(tmp_path, *python(code), start_new_session=True)
    wait_for(tmp_path / "ready")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "run.h5").exists()
    again = capture(tmp_path, "--out", "run.h5", *python("pass"))
    assert again.returncode == 2
    assert "holds an earlier run" in again.stderr and "recover run.h5.journal" in again.stderr
    assert capture(tmp_path, "recover", "run.h5.journal").returncode == 0
    with Archive(tmp_path / "run.h5") as archive:
        outcome = archive.json("/script.json")
        assert (outcome["exit_status"], outcome["argv"][0]) == (None, sys.executable)
    assert not (tmp_path / "run.h5.journal").exists()


def test_the_scripts_traceback_is_kept_also_where_it_has_a_hook_of_its_own(tmp_path):
    # Of the standard library's modules `wave` is one that is hooked.
    code = "import sys, wave\nsys.excepthook = lambda *_: print('mine')\nraise KeyError('gone')"
    run = capture(tmp_path, "--out", "run.h5", *python(code))
    assert (run.returncode, run.stdout) == (1, "mine\n")
    with Archive(tmp_path / "run.h5") as archive:
        assert archive.json("/script.json")["traceback"].endswith("KeyError: 'gone'\n")


def test_a_python_module_a_shell_and_a_spawned_worker_are_observed(tmp_path):
    (tmp_path / "speaking.py").write_text(
        "import multiprocessing, wave\n"
        "def speak(name):\n"
        "    import wave\n"
        "    return name\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.map(speak, ['a']))\n"
    )
    shell = ["--", "sh", "-c", f"{sys.executable} -m speaking && echo done"]
    run = capture(tmp_path, "--out", "run.h5", *shell, paths=[str(tmp_path)])
    assert (run.returncode, run.stdout) == (0, "['a']\ndone\n")
    with Archive(tmp_path / "run.h5") as archive:
        assert archive.json("/hooks.json")["installed"] == {"wave_write": "wave.Wave_write.close"}
    assert "neither its collator nor" in run.stderr


def test_a_sitecustomize_behind_ours_still_runs(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import builtins; builtins.customised = 5\n")
    code = "import builtins, sys; print(builtins.customised, [p for p in sys.path if 'startup' in p])"
    run = capture(tmp_path, "--out", "run.h5", *python(code), paths=[str(tmp_path / "site")])
    assert run.stdout == "5 []\n"


def test_an_isolated_python_is_said_not_to_have_been_observed(tmp_path):
    run = capture(tmp_path, "--out", "run.h5", "--", sys.executable, "-I", "-c", "print(1)")
    assert (run.returncode, run.stdout) == (0, "1\n")
    assert "no Python process of the command was observed" in run.stderr


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        (["--out", "run.h5"], 64, "no command"),
        (["--", "true"], 64, "--out"),
        (["--out", "run.h5", "--logits", "some", "--", "true"], 64, "invalid choice"),
        (["--out", "run.h5", "--max-steps", "0", "--", "true"], 64, "1 or more"),
        (["--out", "run.h5", "--seeds", "3", "--", "true"], 64, "with --apply only"),
        (["--out", "run.h5", "--apply", "collator.round", "--", "true"], 64, "no id of the catalogue"),
        (["--out", "run.h5", "--apply", "decode.weights", "--", "true"], 64, "are not in the process"),
        (["--out", "run.h5", "--", "no-such-command"], 127, "no-such-command: cannot be started"),
        (["--out", "run.h5", "--", "./file"], 126, "file: cannot be started (Permission denied)"),
        (["--out", "nowhere/run.h5", "--", "true"], 2, "choose another --out"),
        (["--out", "folder", "--", "true"], 2, "folder: is a folder"),
        (["recover", "folder"], 2, "does not end in .journal"),
        (["recover", "nowhere.journal"], 2, "is not a folder of journals"),
        (["reference", "--from", "file", "--out", "golden.h5"], 2, "file: not a readable HDF5 file"),
        (["check", "no-such-python"], 2, "no-such-python: is no Python that can be asked (No such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(tmp_path, monkeypatch, capsys, given, status, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert main(given) == status
    assert sentence in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_an_archive_that_cannot_be_written_is_not_lost(tmp_path):
    code = "import os; os.chmod('.', 0o555)" if os.geteuid() else "import os; os.mkdir('run.h5')"
    run = capture(tmp_path, "--out", "run.h5", *python(code))
    os.chmod(tmp_path, 0o755)
    assert run.returncode == 2
    assert "run.h5 was not written" in run.stderr and "recover run.h5.journal --out FILE" in run.stderr
    assert capture(tmp_path, "recover", "run.h5.journal", "--out", "other.h5").returncode == 0
    with Archive(tmp_path / "other.h5") as archive:
        assert archive.json("/script.json")["exit_status"] == 0


def start(folder: Path, *command: str, **more) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    return subprocess.Popen(
        [*PYTHON, "-m", "higgs_capture", "--out", "run.h5", *command], cwd=folder, env=environment, **more
    )


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
