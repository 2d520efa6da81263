"""Writes requests into an archive, stage by stage: what went in and what the pipeline made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import profile
from .archive import ArchiveWriter
from .association import Request, requests_of_processes
from .events import AudioStep, Decoded, Encoded, Generated, Recording, Written
from .experiment import Arm
from .tensors import Tensor, tensor

CODES = ["codebook", "frame"]
DELAYED = ["codebook", "column"]
STEPS = ["step", "codebook", "vocabulary"]
CANDIDATES = ["step", "codebook", "candidate"]


@dataclass(frozen=True)
class CodecReference:
    """Where the codec's decode side is stored: an archive's hash and where to look for it."""

    sha256: str
    hint: str


INSIDE = CodecReference("", "")
"""The codec's weights are in the archive itself."""


@dataclass(frozen=True)
class ArmRun:
    """One run of the script, and its arm."""

    recording: Recording
    arm: Arm | None = None


def write_runs(
    writer: ArchiveWriter, runs: Sequence[ArmRun], *, codec: CodecReference | None = None, text: bool = False
) -> list[Request]:
    """Writes the runs into one archive; returns their requests in the order of their samples. What stands at the root
    is the last run's, which in an experiment is the script as it is."""
    found = [(run, requests_of_processes(run.recording.streams)) for run in runs]
    last = found[-1]
    profiles = [profile.profile(request, last[0].recording.surroundings) for request in last[1]]
    _root(writer, last[0].recording, profiles, codec)
    ordinal = 0
    for run, requests in found:
        for place, request in enumerate(requests):
            knobs = profile.profile(request, run.recording.surroundings)
            name = f"/samples/{ordinal:06d}"
            document = sample_document(request, ordinal, knobs.get("generation.seed"), run.arm, place)
            writer.json(f"{name}/sample.json", document)
            writer.json(f"{name}/profile.json", knobs)
            if text and request.prompt is not None and request.prompt.messages is not None:
                writer.json(f"{name}/messages.json", request.prompt.messages)
            if text and request.generated is not None and request.generated.text is not None:
                writer.text(f"{name}/generated_text", request.generated.text)
            write_request(writer, name, request, run.recording.surroundings.codebook_size)
            ordinal += 1
    return [request for _, requests in found for request in requests]


def _root(
    writer: ArchiveWriter, recording: Recording, profiles: list[dict[str, Any]], codec: CodecReference | None
) -> None:
    surroundings = recording.surroundings
    provenance = {
        **surroundings.provenance,
        **surroundings.placements,
        "command": recording.script.argv,
        "checkpoints": surroundings.checkpoints,
        "seed": next((p["generation.seed"] for p in profiles if p.get("generation.seed") is not None), None),
    }
    writer.json("/provenance.json", provenance)
    if surroundings.model_config is not None:
        writer.json("/config/model.json", surroundings.model_config)
    if surroundings.codec_config is not None:
        writer.json("/config/codec.json", surroundings.codec_config)
    writer.json("/config/tokens.json", surroundings.tokens)
    writer.json("/profile.json", profile.common(profiles))
    writer.json("/hooks.json", recording.hooks.json())
    writer.json("/script.json", recording.script.json())
    if surroundings.codec_weights is not None and codec is not INSIDE:
        writer.json(
            "/weights/codec.json",
            {
                "archive_sha256": codec.sha256 if codec else None,
                "path": codec.hint if codec else None,
                "checkpoint_sha256": surroundings.checkpoints.get("codec", {}).get("sha256"),
                "tensors": {name: item.sha256 for name, item in surroundings.codec_weights.items()},
            },
        )


def sample_document(
    request: Request, ordinal: int, seed: Any, arm: Arm | None = None, place: int = 0
) -> dict[str, Any]:
    """Which request this is, where the user's own code called its stages, and its part in an experiment: `place`
    counts the requests of its run."""
    found: dict[str, Any] = {"ordinal": ordinal, "arm": None, "pair": None, "seed": seed, "applied": request.repaired}
    if arm is not None:
        found.update(arm=arm.name, pair=f"{place}:{arm.seed}", seed=arm.seed, asked=list(arm.asked))
    sites = {name: site.json() for name, site in request.sites.items()}
    return {**found, "sites": sites} if sites else found


def write_request(writer: ArchiveWriter, sample: str, request: Request, codebook_size: int) -> None:
    """All four stages of one request below `sample`."""
    _collator(writer, f"{sample}/collator", request)
    calls = request.decode_calls(codebook_size)
    if request.generated is not None:
        _generation(writer, f"{sample}/generation", request.generated, request.segments)
        _tokens(writer, f"{sample}/tokens", request, calls)
    if calls:
        _decode(writer, f"{sample}/decode", calls, request.written)


def write_batch(writer: ArchiveWriter, group: str, batch: dict[str, Tensor]) -> None:
    """Each field of a batch, None included."""
    for name, item in batch.items():
        writer.tensor(f"{group}/batch/{name}", item)


def _collator(writer: ArchiveWriter, stage: str, request: Request) -> None:
    call = request.collated
    if call is not None:
        for index, (item, encoded) in enumerate(zip(call.items, request.encoded)):
            group = f"{stage}/input" if len(call.items) == 1 else f"{stage}/input/items/{index}"
            writer.tensor(f"{group}/prompt_ids", item["input_ids"])
            _segments(writer, group, encoded)
            for name, value in item.items() if call.built else ():
                writer.tensor(f"{group}/sample/{name}", value)
    if call is None and request.generated is not None and "audio_input_ids" not in request.generated.batch:
        # Of a batch that was made by hand the prompt is what is in it.
        ids = request.generated.batch["input_ids"]
        if ids.data is not None and ids.data.ndim == 2 and ids.shape[0] == 1:
            writer.tensor(f"{stage}/input/prompt_ids", Tensor(ids.dtype, ids.data[0]))
            _segments(writer, f"{stage}/input", request.encoded[0] if request.encoded else [])
    if call is not None and call.raised is not None:
        writer.json(f"{stage}/captured/raised.json", call.raised.json())
    elif request.generated is not None:
        write_batch(writer, f"{stage}/captured", request.generated.batch)
    elif call is not None and call.batch is not None:
        write_batch(writer, f"{stage}/captured", call.batch)


def _segments(writer: ArchiveWriter, group: str, encoded: list[Encoded]) -> None:
    for index, segment in enumerate(encoded):
        writer.tensor(f"{group}/segments/{index}/codes", segment.codes, axes=CODES)
        if segment.waveform is not None:
            writer.tensor(
                f"{group}/segments/{index}/waveform",
                segment.waveform,
                axes=["sample"],
                attributes={"sample_rate": segment.sample_rate},
            )


def _generation(writer: ArchiveWriter, stage: str, call: Generated, segments: list[Tensor]) -> None:
    steps = call.audio_steps
    writer.tensor(f"{stage}/input/reference_columns", call.reference_columns, axes=DELAYED)
    _logits(writer, stage, steps)
    counters = {
        "num_delay": [s.num_delay for s in steps],
        "num_remaining_delays": [s.num_remaining_delays for s in steps],
    }
    for name, values in counters.items() if None not in counters["num_delay"] else ():
        writer.tensor(f"{stage}/captured/{name}", np.array(values, dtype="<i8"), axes=["step"])
    for index, segment in enumerate(segments):
        writer.tensor(f"{stage}/captured/segments/{index}/delayed", segment, axes=DELAYED)
    writer.tensor(f"{stage}/captured/text_ids", text_ids(call), axes=["token"])
    writer.json(f"{stage}/captured/stop.json", stop(call))
    if call.raised is not None:
        writer.json(f"{stage}/captured/raised.json", call.raised.json())


def _logits(writer: ArchiveWriter, stage: str, steps: list[AudioStep]) -> None:
    """All logits and scores where every step has them, else the largest logits where every step has those."""
    full = [step for step in steps if step.logits is not None]
    tops = [step.top for step in steps if step.top is not None]
    if full and len(full) == len(steps):
        writer.tensor(f"{stage}/input/audio_logits", _stack([s.logits for s in full]), axes=STEPS)
        if all(step.scores is not None for step in full):
            writer.tensor(f"{stage}/captured/scores", _stack([s.scores for s in full]), axes=STEPS)
    elif tops and len(tops) == len(steps):
        writer.tensor(f"{stage}/input/top/ids", _stack([top.ids for top in tops]), axes=CANDIDATES)
        writer.tensor(f"{stage}/input/top/logits", _stack([top.logits for top in tops]), axes=CANDIDATES)
        writer.tensor(f"{stage}/input/logsumexp", _stack([top.logsumexp for top in tops]), axes=STEPS[:2])
        writer.tensor(f"{stage}/input/drawn_logit", _stack([top.drawn_logit for top in tops]), axes=STEPS[:2])


def _tokens(writer: ArchiveWriter, stage: str, request: Request, calls: list[Decoded]) -> None:
    for index, segment in enumerate(request.segments):
        writer.tensor(f"{stage}/input/segments/{index}/delayed", segment, axes=DELAYED)
    for index, call in enumerate(calls):
        writer.tensor(f"{stage}/captured/calls/{index}/codes", call.codes, axes=CODES)
    for index, revert in enumerate(request.reverts):
        writer.tensor(f"{stage}/captured/reverts/{index}/input", revert.input, axes=DELAYED)
        if revert.output is not None:
            writer.tensor(f"{stage}/captured/reverts/{index}/output", revert.output, axes=CODES)
    errors = [revert.raised for revert in request.reverts if revert.raised is not None]
    if errors:
        writer.json(f"{stage}/captured/raised.json", errors[0].json())


def _decode(writer: ArchiveWriter, stage: str, calls: list[Decoded], files: list[Written]) -> None:
    for index, call in enumerate(calls):
        writer.tensor(f"{stage}/input/calls/{index}/codes", call.codes, axes=CODES)
        if call.waveform is not None:
            writer.tensor(f"{stage}/captured/calls/{index}/waveform", call.waveform, axes=["sample"])
    errors = [call.raised for call in calls if call.raised is not None]
    if errors:
        writer.json(f"{stage}/captured/raised.json", errors[0].json())
    for index, file in enumerate(files):
        writer.tensor(
            f"{stage}/captured/written/{index}/samples",
            file.samples,
            axes=["sample", "channel"][: len(file.samples.shape)],
            attributes={"sample_rate": file.sample_rate, "subtype": file.subtype, "file": file.file},
        )


def text_ids(call: Generated) -> Tensor:
    """Generated text ids [M], one `<|AUDIO_OUT|>` a segment, in the port one a column; from the steps where nothing was
    returned."""
    if call.text_ids is not None:
        return call.text_ids
    return tensor(np.array([s.token for s in call.steps if s.token is not None], dtype="<i8"))


def stop(call: Generated) -> dict[str, Any]:
    """Why generation ended, judged by its last text id and its number of steps."""
    steps = len(call.steps)
    limit = call.arguments.get("max_new_tokens", call.effective.get("max_new_tokens"))
    ids = text_ids(call).values
    last = int(ids[-1]) if ids.size else None
    if call.raised is not None:
        reason = "raised"
    elif last in call.eos_ids:
        reason = "eos"
    elif last in call.stop_ids:
        reason = "stop_string"
    elif limit is not None and steps == limit:
        reason = "limit"
    else:
        reason = "unknown"
    return {"reason": reason, "steps": steps, "max_new_tokens": limit}


def _stack(rows: list[Tensor | None]) -> np.ndarray:
    """Steps [S, …] from single steps."""
    return np.stack([row.values for row in rows if row is not None])


__all__ = ["Arm", "ArmRun", "CodecReference", "stop", "text_ids", "write_batch", "write_request", "write_runs"]
