"""Adds to a captured archive what upstream's own code gives for the same input of each stage.

    python -m golden.make.goldens capture.h5 --model model --codec codec --out golden.h5

The reference profile is that of upstream's serving engine. Stages:

collator    upstream's collator on the sample rebuilt from facts: one placeholder for each encoded segment
generation  upstream's sampler step on the recorded logits, with its draws answered by the captured ones
tokens      revert, clip, strip
decode      the codec's decode on the codes that the pipeline handed over
run_golden  the serving engine on the same request, end to end
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from boson_multimodal.data_types import AudioContent, ChatMLSample, Message
from boson_multimodal.dataset.chatml_dataset import ChatMLDatasetSample
from boson_multimodal.model.higgs_audio import HiggsAudioModel
from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern
from boson_multimodal.serve.serve_engine import HiggsAudioServeEngine
from higgs_capture import Archive, ArchiveWriter, Recorder, stages
from higgs_capture.association import requests
from higgs_capture.events import Raised
from higgs_capture.failures import raised
from higgs_capture.hooks import live
from higgs_capture.repairs.prompt import surplus_placeholders
from transformers.generation.logits_process import (
    LogitsProcessorList,
    TemperatureLogitsWarper,
    TopPLogitsWarper,
)

TEMPERATURE = 0.7
TOP_P = 0.95
RAS_WINDOW = 7
RAS_MAX_REPEAT = 2
MAX_NEW_TOKENS = 1024
NONE = -1
"""Stands for None in the counters."""


def add_goldens(
    captured: Path,
    golden: Path,
    engine: HiggsAudioServeEngine,
    *,
    samples: dict[str, Any] | None = None,
    max_new_tokens: int = MAX_NEW_TOKENS,
    force_audio: bool = False,
    created_at: str | None = None,
) -> None:
    """Copies the archive and adds the golden groups.

    `samples` gives the conversation of each sample; without it the stored messages are used.
    """
    with Archive(captured) as archive, ArchiveWriter(golden, base=captured, created_at=created_at) as writer:
        for name in archive.children("/samples"):
            sample = f"/samples/{name}"
            for stage in ("collator", "generation", "tokens", "decode"):
                writer.remove(f"{sample}/{stage}/golden")
            writer.remove(f"{sample}/run_golden")
            _Sample(archive, writer, sample, engine).add_stages()
            chat = (samples or {}).get(name) or _stored_conversation(archive, sample)
            if chat is not None:
                seed = archive.json(f"{sample}/sample.json")["seed"]
                _add_run(writer, f"{sample}/run_golden", engine, chat, seed, max_new_tokens, force_audio)


# The placeholder rule


def one_placeholder_each(ids: np.ndarray, segments: int, tokens: dict[str, Any]) -> np.ndarray:
    """Prompt ids [L] without surplus placeholders."""
    return np.delete(ids, surplus_placeholders(ids, segments, tokens))


def sample_from_facts(ids: np.ndarray, segments: list[np.ndarray], tokens: dict[str, Any]) -> ChatMLDatasetSample:
    """The sample as the serving engine builds it: exclusive starts, no waveforms."""
    starts = np.cumsum([0] + [segment.shape[1] for segment in segments])
    return ChatMLDatasetSample(
        input_ids=torch.from_numpy(one_placeholder_each(ids, len(segments), tokens)),
        label_ids=None,
        audio_ids_concat=torch.from_numpy(np.concatenate(segments, axis=1)) if segments else None,
        audio_ids_start=torch.tensor(starts, dtype=torch.long)[:-1] if segments else None,
        audio_waveforms_concat=None,
        audio_waveforms_start=None,
        audio_sample_rate=None,
        audio_speaker_indices=None,
    )


# The stages


class _Sample:
    """One sample of the archive and where its goldens go."""

    def __init__(self, archive: Archive, writer: ArchiveWriter, path: str, engine: HiggsAudioServeEngine) -> None:
        self._archive = archive
        self._writer = writer
        self._path = path
        self._engine = engine

    def add_stages(self) -> None:
        present = self._archive.children(self._path)
        for stage, add in (
            ("collator", self._collator),
            ("generation", self._generation),
            ("tokens", self._tokens),
            ("decode", self._decode),
        ):
            if stage not in present or "input" not in self._archive.children(f"{self._path}/{stage}"):
                continue
            try:
                add(f"{self._path}/{stage}")
            except Exception as error:
                found = raised(error)
                if Path(__file__).name in found.where:
                    raise
                self._writer.remove(f"{self._path}/{stage}/golden")
                self._writer.json(f"{self._path}/{stage}/golden/raised.json", found.json())

    def _arrays(self, group: str, leaf: str) -> list[np.ndarray]:
        return [self._values(f"{group}/{k}/{leaf}") for k in self._archive.children(group)]

    def _values(self, path: str) -> np.ndarray:
        return self._archive.tensor(path).values

    def _collator(self, stage: str) -> None:
        group = f"{stage}/input"
        items = self._archive.children(f"{group}/items")
        tokens = self._archive.json("/config/tokens.json")
        samples = []
        for item in [f"{group}/items/{k}" for k in items] or [group]:
            segments = self._arrays(f"{item}/segments", "codes")
            samples.append(sample_from_facts(self._values(f"{item}/prompt_ids"), segments, tokens))
        batch = self._engine.collator(samples)
        stages.write_batch(self._writer, f"{stage}/golden", live.fields(batch))

    def _generation(self, stage: str) -> None:
        if f"{stage}/input/audio_logits" not in self._archive:
            return
        segments = [torch.from_numpy(s) for s in self._arrays(f"{stage}/captured/segments", "delayed")]
        remaining = self._values(f"{stage}/captured/num_remaining_delays")
        if sum(segment.shape[1] - 1 for segment in segments) != len(remaining):
            return  # Audio that no all-BOS column opened: upstream has no state for it.
        config = self._engine.model.config
        reference = self._archive.tensor(f"{stage}/input/reference_columns")
        replay = SamplerReplay(
            config,
            logits=torch.from_numpy(self._values(f"{stage}/input/audio_logits")),
            reference=_columns(reference.data, config.audio_num_codebooks),
            segments=segments,
            remaining=remaining,
            delays=self._values(f"{stage}/captured/num_delay"),
        ).run()
        golden = f"{stage}/golden"
        self._writer.tensor(f"{golden}/scores", torch.stack(replay.scores), axes=stages.STEPS)
        self._writer.tensor(f"{golden}/num_delay", np.array(replay.num_delay, dtype="<i8"), axes=["step"])
        self._writer.tensor(
            f"{golden}/num_remaining_delays",
            np.array(replay.num_remaining_delays, dtype="<i8"),
            axes=["step"],
        )
        for index, segment in enumerate(replay.delayed):
            self._writer.tensor(f"{golden}/segments/{index}/delayed", segment, axes=stages.DELAYED)

    def _tokens(self, stage: str) -> None:
        size = self._engine.audio_codebook_size
        for index, delayed in enumerate(self._arrays(f"{stage}/input/segments", "delayed")):
            add_token_golden(self._writer, f"{stage}/golden", index, torch.from_numpy(delayed), size)

    def _decode(self, stage: str) -> None:
        for index, codes in enumerate(self._arrays(f"{stage}/input/calls", "codes")):
            with torch.no_grad():
                waveform = self._engine.audio_tokenizer.decode(torch.from_numpy(codes).unsqueeze(0))[0, 0]
            self._writer.tensor(f"{stage}/golden/calls/{index}/waveform", waveform, axes=["sample"])


def add_token_golden(writer: ArchiveWriter, golden: str, index: int, delayed: torch.Tensor, codebook_size: int) -> None:
    """Delayed segment [C, L] to codes [C, T] as the serving engine does it."""
    reverted = revert_delay_pattern(delayed)
    codes = reverted.clip(0, codebook_size - 1)[:, 1:-1]
    writer.tensor(f"{golden}/reverts/{index}/input", delayed, axes=stages.DELAYED)
    writer.tensor(f"{golden}/reverts/{index}/output", reverted, axes=stages.CODES)
    writer.tensor(f"{golden}/calls/{index}/codes", codes, axes=stages.CODES)


def _columns(reference: np.ndarray | None, codebooks: int) -> torch.Tensor:
    if reference is None or reference.size == 0:
        return torch.zeros((codebooks, 0), dtype=torch.long)
    return torch.from_numpy(reference)


class SamplerReplay:
    """Upstream's sampler step, run over recorded logits with the captured draws.

    What depends on random numbers is given; scores, forced cells and counters are upstream's.
    """

    def __init__(
        self,
        config: Any,
        *,
        logits: torch.Tensor,
        reference: torch.Tensor,
        segments: list[torch.Tensor],
        remaining: np.ndarray,
        delays: np.ndarray,
    ) -> None:
        self._config = config
        self._logits = logits
        self._history = reference
        self._segments = segments
        self._captured_remaining = [int(r) for r in remaining]
        self._captured_delays = [int(d) for d in delays]
        self._processors = LogitsProcessorList([TemperatureLogitsWarper(TEMPERATURE), TopPLogitsWarper(TOP_P)])
        self.scores: list[torch.Tensor] = []
        self.num_delay: list[int] = []
        self.num_remaining_delays: list[int] = []
        self.delayed: list[torch.Tensor] = []

    def run(self) -> SamplerReplay:
        step = 0
        for segment in self._segments:
            first = torch.full((segment.shape[0], 1), self._config.audio_stream_bos_id, dtype=torch.long)
            self._history = torch.cat([self._history, segment[:, :1]], dim=1)
            columns, delay, remaining, before = [first], 0, None, NONE
            for column in segment[:, 1:].T:
                draw = self._draw(column, before, step)
                column_out, delay, remaining = self._step(step, draw, delay, remaining)
                columns.append(column_out[:, None])
                self._history = torch.cat([self._history, column[:, None]], dim=1)
                before = self._captured_remaining[step]
                step += 1
            self.delayed.append(torch.cat(columns, dim=1))
        return self

    def _draw(self, column: torch.Tensor, before: int, step: int) -> torch.Tensor:
        """The draws behind a captured column. Where the first EOS overwrote lower codebooks, theirs are lost."""
        draw = column.clone()
        after = self._captured_remaining[step]
        ended = self._captured_delays[step] == 0
        if before == NONE and (after != NONE or ended):
            first_eos = column.shape[0] - 1 - (after if after != NONE else 0)
            draw[:first_eos] = 0
        return draw

    def _step(
        self, step: int, draw: torch.Tensor, delay: int, remaining: int | None
    ) -> tuple[torch.Tensor, int, int | None]:
        model = SimpleNamespace(
            config=self._config,
            use_delay_pattern=self._config.use_delay_pattern,
            audio_num_codebooks=self._config.audio_num_codebooks,
        )
        parameters = {
            "ras_win_len": RAS_WINDOW,
            "ras_win_max_num_repeat": RAS_MAX_REPEAT,
            "audio_eos_token_id": self._config.audio_eos_token_id,
        }
        with _answered_draws(draw, self._history):
            _, column, _, scores, delay, remaining = HiggsAudioModel._sample_audio_tokens(
                model,
                hidden_states=None,
                audio_logits=self._logits[step : step + 1],
                audio_out_ids=self._history,
                do_sample=True,
                logits_processor=self._processors,
                device=torch.device("cpu"),
                torch_generator=None,
                generation_config=SimpleNamespace(generation_kwargs=parameters),
                num_delay=delay,
                num_remaining_delays=remaining,
            )
        self.scores.append(scores)
        self.num_delay.append(int(delay))
        self.num_remaining_delays.append(NONE if remaining is None else int(remaining))
        return column, delay, remaining


@contextlib.contextmanager
def _answered_draws(draw: torch.Tensor, history: torch.Tensor) -> Iterator[None]:
    """Lets torch's draws return `draw` [C]; a redraw of repeated rows returns the same for those rows."""
    repeats = (history[:, -RAS_WINDOW:] == draw[:, None]).sum(dim=1)
    rows = torch.nonzero(repeats >= RAS_MAX_REPEAT).squeeze(1)

    def draw_all(*_: Any, **__: Any) -> torch.Tensor:
        return draw.clone()[:, None]

    def draw_rows(*_: Any, **__: Any) -> torch.Tensor:
        return draw[rows][:, None]

    function, method = torch.multinomial, torch.Tensor.multinomial
    torch.multinomial, torch.Tensor.multinomial = draw_all, draw_rows
    try:
        yield
    finally:
        torch.multinomial, torch.Tensor.multinomial = function, method


# The request, end to end


def _add_run(
    writer: ArchiveWriter,
    group: str,
    engine: HiggsAudioServeEngine,
    chat: ChatMLSample,
    seed: int | None,
    max_new_tokens: int,
    force_audio: bool,
) -> None:
    error: Raised | None = None
    response = None
    recorder = Recorder()
    with recorder:
        try:
            response = engine.generate(chat, max_new_tokens=max_new_tokens, seed=seed, force_audio_gen=force_audio)
        except Exception as found:
            error = raised(found)
    if error is not None:
        writer.json(f"{group}/raised.json", error.json())
        return
    (request,) = requests(recorder.recording.events)
    for index, segment in enumerate(request.segments):
        writer.tensor(f"{group}/segments/{index}/delayed", segment, axes=stages.DELAYED)
    for index, call in enumerate(request.decodes):
        writer.tensor(f"{group}/segments/{index}/codes", call.codes, axes=stages.CODES)
    writer.tensor(f"{group}/waveform", response.audio, axes=["sample"])


def _stored_conversation(archive: Archive, sample: str) -> ChatMLSample | None:
    """The messages of the archive, if it holds any and none of them had its recording inside."""
    if f"{sample}/messages.json" not in archive:
        return None
    messages = []
    for message in archive.json(f"{sample}/messages.json"):
        content = message["content"]
        if not isinstance(content, (str, dict)) or (isinstance(content, dict) and content["type"] != "audio"):
            return None
        if isinstance(content, dict):
            if "raw_audio_sha256" in content:
                return None
            content = AudioContent(audio_url=content["audio_url"])
        messages.append(Message(role=message["role"], content=content))
    return ChatMLSample(messages=messages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("captured", type=Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--codec", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--max-new-tokens", type=int, default=MAX_NEW_TOKENS)
    options = parser.parse_args()
    engine = HiggsAudioServeEngine(options.model, options.codec, device="cpu")
    add_goldens(options.captured, options.out, engine, max_new_tokens=options.max_new_tokens)


if __name__ == "__main__":
    main()
