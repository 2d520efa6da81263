"""The golden rules against upstream's own sampler and prompts.

python -m pytest golden/make/tests
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "capture")]

torch = pytest.importorskip("torch")
pytest.importorskip("boson_multimodal")

from golden.make import upstream  # noqa: E402

if "boson_multimodal.audio_processing.higgs_audio_tokenizer" not in sys.modules:
    upstream.install()

from boson_multimodal.model.higgs_audio import HiggsAudioModel  # noqa: E402

from golden.make.goldens import NONE, SamplerReplay, one_placeholder_each, sample_from_facts  # noqa: E402

TOKENS = {
    "audio_in_token_id": 15,
    "audio_out_token_id": 16,
    "audio_bos_token_id": 11,
    "audio_eos_token_id": 12,
    "audio_out_bos_token_id": 13,
}
CONFIG = SimpleNamespace(
    audio_num_codebooks=8,
    audio_stream_bos_id=1024,
    audio_stream_eos_id=1025,
    audio_out_token_idx=16,
    audio_eos_token_id=12,
    use_delay_pattern=True,
)


def sampled(seed: int, eos_codebook: int | None, steps: int):
    """A segment as upstream samples it: logits [S, C, V], delayed [C, L], both counters [S]."""
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(steps, 8, 1026, generator=generator) * 3
    logits[:, :, 1024:] = -1e4
    if eos_codebook is not None:
        logits[steps - 12, eos_codebook, 1025] = 1e4
    model = SimpleNamespace(config=CONFIG, use_delay_pattern=True, audio_num_codebooks=8)
    settings = SimpleNamespace(
        generation_kwargs={"ras_win_len": 7, "ras_win_max_num_repeat": 2, "audio_eos_token_id": 12}
    )
    columns = torch.full((8, 1), 1024)
    delay, remaining, delays, remainings = 0, None, [], []
    for step in range(steps):
        next_tokens, column, _, _, delay, remaining = HiggsAudioModel._sample_audio_tokens(
            model,
            hidden_states=None,
            audio_logits=logits[step : step + 1],
            audio_out_ids=columns,
            do_sample=True,
            logits_processor=lambda ids, scores: scores,
            device=torch.device("cpu"),
            torch_generator=generator,
            generation_config=settings,
            num_delay=delay,
            num_remaining_delays=remaining,
        )
        columns = torch.cat([columns, column[:, None]], dim=1)
        delays.append(int(delay))
        remainings.append(NONE if remaining is None else int(remaining))
        if next_tokens[0] == 12:
            break
    return logits[: len(delays)], columns, np.array(delays), np.array(remainings)


@pytest.mark.parametrize("eos_codebook", [None, 0, 1, 3, 6, 7])
def test_the_replay_gives_the_captured_columns_and_counters(eos_codebook):
    logits, delayed, delays, remaining = sampled(3, eos_codebook, steps=40)
    replay = SamplerReplay(
        CONFIG,
        logits=logits,
        reference=torch.zeros((8, 0), dtype=torch.long),
        segments=[delayed],
        remaining=remaining,
        delays=delays,
    ).run()
    assert torch.equal(replay.delayed[0], delayed)
    assert replay.num_delay == delays.tolist()
    assert replay.num_remaining_delays == remaining.tolist()
    if eos_codebook is not None:
        assert len(delays) == 29 + 7 - eos_codebook


def test_the_replay_repeats_what_ras_redrew():
    logits, delayed, delays, remaining = sampled(5, None, steps=30)
    logits[:] = -50.0
    logits[:, :, 7] = 50.0
    delayed[:, 10:] = 7
    replay = SamplerReplay(
        CONFIG,
        logits=logits,
        reference=torch.zeros((8, 0), dtype=torch.long),
        segments=[delayed],
        remaining=remaining,
        delays=delays,
    ).run()
    assert torch.equal(replay.delayed[0], delayed)


def test_one_placeholder_for_each_segment_changes_nothing():
    ids = np.array([5, 13, 16, 12, 7])
    np.testing.assert_array_equal(one_placeholder_each(ids, 1, TOKENS), ids)


def test_the_assistants_placeholder_is_kept_before_the_users():
    ids = np.array([5, 11, 15, 12, 6, 13, 16, 12, 7])
    np.testing.assert_array_equal(one_placeholder_each(ids, 1, TOKENS), [5, 6, 13, 16, 12, 7])


def test_only_the_begin_and_end_tokens_that_stand_there_go_too():
    ids = np.array([15, 12, 5, 16])
    np.testing.assert_array_equal(one_placeholder_each(ids, 1, TOKENS), [5, 16])


def test_without_segments_every_placeholder_goes():
    ids = np.array([5, 11, 15, 12, 6])
    np.testing.assert_array_equal(one_placeholder_each(ids, 0, TOKENS), [5, 6])
    sample = sample_from_facts(ids, [], TOKENS)
    assert sample.audio_ids_concat is None
    assert sample.audio_ids_start is None


def test_starts_are_exclusive():
    segments = [np.zeros((8, 3), dtype="int64"), np.ones((8, 4), dtype="int64")]
    sample = sample_from_facts(np.array([16, 16]), segments, TOKENS)
    assert sample.audio_ids_start.tolist() == [0, 3]
    assert sample.audio_ids_concat.shape == (8, 7)
