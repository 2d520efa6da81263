"""Makes an archive of journals: what several processes saw becomes one recording, and that an archive."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import checkpoints, codec_weights, stages
from .archive import ArchiveWriter, PathLike
from .association import Request
from .events import Generated, HookLog, Raised, Recording, ScriptOutcome
from .launch import noted_run
from .observer import PRESENT
from .replay import Process, processes
from .tensors import Tensor


@dataclass(frozen=True)
class Keeping:
    """What goes into the archive beside what was seen, and where the codec's weights lie."""

    text: bool = False
    weights: bool = False
    codec_archive: tuple[PathLike, str] | None = None
    codec_folder: tuple[PathLike, str] | None = None


def joined(processes: Sequence[Process]) -> Recording:
    """One recording of all processes. Facts that several told are the last one's; failures are all kept."""
    recording = Recording()
    for process in processes:
        if process.events:
            recording.streams.append(process.events)
        for facts in process.facts:
            recording.surroundings.take(facts)
        recording.surroundings.folder = process.about.get("folder", recording.surroundings.folder)
        recording.hooks.take(process.hooks)
        if process.traceback is not None:
            recording.script.traceback = process.traceback
    return recording


def write(
    path: PathLike,
    runs: Sequence[stages.ArmRun],
    *,
    keeping: Keeping,
    created_at: str | None = None,
    random_id: bool = True,
) -> list[Request]:
    """Writes the runs as one archive; returns their requests in the order of their samples."""
    surroundings = runs[-1].recording.surroundings
    surroundings.checkpoints = checkpoints.checkpoints(surroundings, surroundings.folder)
    codec = stages.INSIDE if keeping.weights else _codec_reference(surroundings.codec_weights, keeping)
    identity = str(uuid.uuid4()) if random_id else None
    with ArchiveWriter(path, id=identity, created_at=created_at) as writer:
        if keeping.weights:
            for name, item in (surroundings.codec_weights or {}).items():
                writer.tensor(f"{codec_weights.GROUP}/{name}", item)
        return stages.write_runs(writer, runs, codec=codec, text=keeping.text)


def _codec_reference(weights: dict[str, Tensor] | None, keeping: Keeping) -> codec_weights.CodecReference | None:
    if weights is None:
        return None
    if keeping.codec_archive is not None:
        return codec_weights.refer(*keeping.codec_archive, weights)
    if keeping.codec_folder is None:
        return codec_weights.store(weights)
    stored = codec_weights.store(weights, keeping.codec_folder[0])
    return codec_weights.CodecReference(stored.sha256, os.path.join(keeping.codec_folder[1], stored.hint))


@dataclass
class Assembled:
    """An archive that was made, and what it was made of."""

    runs: list[stages.ArmRun]
    requests: list[Request]
    observed: int
    """Python processes that were observed, whether or not they had anything to do with a pipeline."""
    lost: int
    """Bytes of records that were not whole."""
    running: list[int]
    """Processes that still write to their journals."""

    @property
    def hooks(self) -> HookLog:
        """The hooks of all runs."""
        found = HookLog()
        for run in self.runs:
            found.take(run.recording.hooks)
        return found

    @property
    def script(self) -> ScriptOutcome:
        """How the last run ended."""
        return self.runs[-1].recording.script


def from_journals(folder: Path, out: PathLike, about: dict[str, Any]) -> Assembled:
    """Makes the archive of a folder of journals, or of the folders of an experiment's runs in it. Raises OSError,
    ArchiveError or JournalError; the folder is left as it is."""
    made = Assembled([], [], observed=0, lost=0, running=[])
    for place in sorted(path for path in folder.iterdir() if path.is_dir()) or [folder]:
        _add_run(made, place, noted_run(place))
    archive = about.get("codec_archive")
    keeping = Keeping(
        text=bool(about.get("text")),
        weights=bool(about.get("weights")),
        codec_archive=(archive, archive) if archive else None,
    )
    made.requests = write(out, made.runs, keeping=keeping)
    return made


def _add_run(made: Assembled, folder: Path, about: dict[str, Any]) -> None:
    found = processes(folder)
    recording = joined(found)
    script, status = recording.script, about.get("status")
    script.argv = list(about.get("argv", []))
    script.exit_status = None if status is None else 128 - status if status < 0 else status
    script.signal = -status if status is not None and status < 0 else None
    _note_interruption(recording)
    arm = about.get("arm")
    made.runs.append(stages.ArmRun(recording, arm and stages.Arm(arm["name"], arm["seed"], tuple(arm["asked"]))))
    made.observed += sum(1 for entry in os.scandir(folder) if entry.name.endswith(f".{PRESENT}"))
    made.lost += sum(process.lost for process in found)
    if status is None:
        made.running += [process.about["process"] for process in found if not process.ended and _is_alive(process)]


def _note_interruption(recording: Recording) -> None:
    """A call of `generate` that neither returned nor raised ended with its process."""
    number = recording.script.signal
    how = f"signal {number} ended the process" if number is not None else "the process ended"
    for event in recording.events:
        if isinstance(event, Generated) and not event.is_finished:
            event.raised = Raised("Interrupted", f"{how} during this call", "")


def _is_alive(process: Process) -> bool:
    try:
        os.kill(int(process.about.get("process", 0)), 0)
    except (OSError, ValueError):
        return False
    return True
