"""`higgs-capture reference`: upstream's own serving engine on the request of a capture, recorded as a capture itself.

The command reads the capture and starts this module again, under the recorder, in the Python that has upstream.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .repairs.prompt import starts_of, surplus_placeholders

LIMIT = 1024
"""Token limit where the capture has none: upstream's own example's."""


@dataclass
class EngineRequest:
    """What the engine is asked for, as JSON beside the codes."""

    model: str
    codec: str
    device: str = "cpu"
    seed: int | None = None
    max_new_tokens: int = LIMIT
    messages: list[dict[str, Any]] | None = None
    ids: list[int] | None = None
    """Prompt ids with one placeholder for each segment, where the capture holds no text."""
    segments: list[list[list[int]]] = field(default_factory=list)
    """Codes [C, T] of each segment, as the capture's pipeline encoded them; of use with `ids`."""
    wav: str | None = None


class RequestError(Exception):
    """A capture whose request cannot be run again, with the reason and what to do in the message."""


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    made = argparse.ArgumentParser(
        prog="higgs-capture reference", description="Records upstream's own serving engine on the request of a capture."
    )
    made.add_argument("--out", required=True, metavar="FILE", help="archive to write")
    made.add_argument("--from", required=True, dest="capture", metavar="FILE", help="capture with the request")
    made.add_argument("--sample", metavar="NAME", help="request of the capture (default: its first)")
    made.add_argument("--model", metavar="PATH", help="model (default: the capture's)")
    made.add_argument("--codec", metavar="PATH", help="codec (default: the capture's)")
    made.add_argument("--device", default="cpu", help="device of the engine (default: cpu)")
    made.add_argument("--seed", type=int, metavar="N", help="seed (default: the capture's)")
    limit = f"token limit (default: the capture's, or {LIMIT})"
    made.add_argument("--max-new-tokens", type=int, metavar="N", help=limit)
    made.add_argument("--python", default=sys.executable, metavar="FILE", help="Python that has boson_multimodal")
    made.add_argument("--wav", metavar="FILE", help="also write the engine's sound there")
    return made


def main(given: Sequence[str]) -> int:
    """The exit status of the recording; 2 where the capture cannot be read or its request not be run again."""
    from . import command
    from .archive import Archive, ArchiveError

    options = parser().parse_args(given)
    try:
        with Archive(options.capture) as archive:
            request = of_capture(archive, options)
    except (ArchiveError, RequestError, KeyError) as error:
        return command.say(str(error), 2)
    if request.messages is None:
        command.say("the capture holds no text: the prompt's ids and the reference's codes are the capture's own", 0)
    folder = Path(tempfile.mkdtemp(prefix="higgs-reference-"))
    try:
        (folder / "request.json").write_text(json.dumps(request.__dict__))
        start = f"from higgs_capture.reference import run; run({str(folder / 'request.json')!r})"
        return command.main(["--out", options.out, "--", options.python, "-c", start])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def of_capture(archive: Any, options: argparse.Namespace) -> EngineRequest:
    """The request of a sample of a capture, with what the command line says otherwise."""
    samples = archive.children("/samples")
    name = options.sample or (samples[0] if samples else None)
    if name not in samples:
        raise RequestError(f"{archive.path}: has no request {name or ''}".rstrip() + f"; it has {len(samples)}")
    sample = f"/samples/{name}"
    known = archive.json("/provenance.json").get("checkpoints", {})
    paths = {key: getattr(options, key) or known.get(key, {}).get("path") for key in ("model", "codec")}
    for key, path in paths.items():
        if path is None:
            raise RequestError(f"{archive.path}: does not say which {key} was used; give --{key}")
    profile = archive.json(f"{sample}/profile.json")
    limit = options.max_new_tokens or profile.get("generation.max_new_tokens") or LIMIT
    seed = options.seed if options.seed is not None else profile.get("generation.seed")
    request = EngineRequest(
        str(paths["model"]), str(paths["codec"]), options.device, seed, limit, wav=options.wav
    )
    if f"{sample}/messages.json" in archive:
        request.messages = archive.json(f"{sample}/messages.json")
        _refuse_what_was_inside(archive, request.messages)
    elif f"{sample}/collator/input/prompt_ids" in archive:
        group = f"{sample}/collator/input"
        places = archive.children(f"{group}/segments")
        codes = [archive.tensor(f"{group}/segments/{place}/codes").values for place in places]
        ids = archive.tensor(f"{group}/prompt_ids").values
        dropped = surplus_placeholders(ids, len(codes), archive.json("/config/tokens.json"))
        request.ids = np.delete(ids, dropped).tolist()
        request.segments = [segment.tolist() for segment in codes]
    else:
        raise RequestError(f"{archive.path}: {name} holds neither messages nor a prompt; capture it again")
    return request


def _refuse_what_was_inside(archive: Any, messages: list[dict[str, Any]]) -> None:
    for message in messages:
        content = message["content"]
        for part in content if isinstance(content, list) else [content]:
            if isinstance(part, dict) and "raw_audio_sha256" in part:
                raise RequestError(
                    f"{archive.path}: the request had its recording inside the message, of which only a hash is kept; "
                    "capture it with the recording in a file"
                )


# In the observed process


def run(file: str) -> None:
    """Asks upstream's engine. Runs under the recorder, in a Python that has `boson_multimodal`."""
    request = EngineRequest(**json.loads(Path(file).read_text()))
    from boson_multimodal.serve.serve_engine import HiggsAudioServeEngine

    engine = HiggsAudioServeEngine(request.model, request.codec, device=request.device)
    conversation = None
    if request.messages is not None:
        conversation = _conversation(request.messages)
    else:
        # The engine as it is, but for where its inputs come from.
        engine._prepare_inputs = lambda *_, **__: _inputs(engine, request)
    response = engine.generate(conversation, max_new_tokens=request.max_new_tokens, seed=request.seed)
    if request.wav is not None:
        import soundfile

        soundfile.write(request.wav, response.audio, response.sampling_rate)


def _conversation(messages: list[dict[str, Any]]) -> Any:
    from boson_multimodal.data_types import AudioContent, ChatMLSample, Message, TextContent

    kinds = {"audio": AudioContent, "text": TextContent}

    def part(given: Any) -> Any:
        return given if isinstance(given, str) else kinds[given["type"]](**given)

    def content(given: Any) -> Any:
        return [part(item) for item in given] if isinstance(given, list) else part(given)

    return ChatMLSample(
        messages=[Message(**{**message, "content": content(message["content"])}) for message in messages]
    )


def _inputs(engine: Any, request: EngineRequest) -> dict[str, Any]:
    """The batch of a sample built as the engine builds it: one start a segment, nothing else."""
    import torch
    from boson_multimodal.dataset.chatml_dataset import ChatMLDatasetSample

    codes = [torch.tensor(segment, dtype=torch.long) for segment in request.segments]
    sample = ChatMLDatasetSample(
        input_ids=torch.tensor(request.ids, dtype=torch.long),
        label_ids=None,
        audio_ids_concat=torch.cat(codes, dim=1) if codes else None,
        audio_ids_start=torch.tensor(starts_of([part.shape[1] for part in codes])) if codes else None,
        audio_waveforms_concat=None,
        audio_waveforms_start=None,
        audio_sample_rate=None,
        audio_speaker_indices=None,
    )
    batch = vars(engine.collator([sample]))
    return {name: value.to(engine.device) if hasattr(value, "to") else value for name, value in batch.items()}
