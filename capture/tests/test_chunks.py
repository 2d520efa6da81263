"""Decode calls that cut one segment become one call again."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from higgs_capture.association import Request
from higgs_capture.chunks import joined
from higgs_capture.events import Decoded, Surroundings
from higgs_capture.profile import _decode
from higgs_capture.tensors import Tensor, tensor

HOP = 4


def delayed(codes: np.ndarray) -> Tensor:
    """Codes [C, T] in the delay pattern, with a BOS column before and an EOS column behind."""
    codebooks, frames = codes.shape
    full = np.full((codebooks, frames + codebooks + 1), 1025)
    for row in range(codebooks):
        full[row, : row + 1] = 1024
        full[row, row + 1 : row + 1 + frames] = codes[row]
    return tensor(full)


def call(codes: np.ndarray, start: int, end: int) -> Decoded:
    sound = np.arange(start * HOP, end * HOP, dtype="float32")
    return Decoded(tensor(codes[:, start:end]), tensor(sound))


CODES = np.random.default_rng(3).integers(0, 1024, size=(8, 30))


def test_chunks_are_joined_and_overlaps_dropped():
    calls = [call(CODES, 0, 12), call(CODES, 10, 22), call(CODES, 20, 30)]
    (whole,) = joined(calls, [delayed(CODES)], 1024)
    np.testing.assert_array_equal(whole.codes.values, CODES)
    np.testing.assert_array_equal(whole.waveform.values, np.arange(30 * HOP))


@pytest.mark.parametrize("context", [(3, 3), (3, 0), (0, 3)])
@pytest.mark.parametrize("files", [True, False])
@pytest.mark.parametrize("volume", [1.0, 0.5, -2.0])
def test_frames_decoded_twice_are_cut_where_the_written_sound_goes_over(context, files, volume):
    left, right = context
    calls, written = [], []
    for number, start in enumerate(range(0, 30, 10)):
        first, last = max(start - left, 0), min(start + 10 + right, 30)
        sound = np.full((last - first) * HOP, 1.0 + number, dtype="float32")
        calls.append(Decoded(tensor(CODES[:, first:last]), tensor(sound)))
        written.append(np.full(10 * HOP, 1.0 + number))
    heard = np.concatenate(written)
    (whole,) = joined(calls, [delayed(CODES)], 1024, heard * volume if files else None)
    np.testing.assert_array_equal(whole.codes.values, CODES)
    if files or left == right:
        np.testing.assert_array_equal(whole.waveform.values, heard)


def test_a_last_chunk_that_is_all_context_is_part_of_the_run():
    calls = [call(CODES, 0, 20), call(CODES, 5, 30), call(CODES, 15, 30), call(CODES, 22, 30)]
    (whole,) = joined(calls, [delayed(CODES)], 1024)
    np.testing.assert_array_equal(whole.codes.values, CODES)
    np.testing.assert_array_equal(whole.waveform.values, np.arange(30 * HOP))


def test_one_call_a_segment_is_left_alone():
    calls = [call(CODES, 0, 30)]
    assert joined(calls, [delayed(CODES)], 1024) == calls


def test_the_same_codes_decoded_twice_are_two_calls():
    calls = [call(CODES, 0, 30), call(CODES, 0, 30)]
    assert len(joined(calls, [delayed(CODES)], 1024)) == 2


def test_codes_from_elsewhere_stay_as_they_are():
    other = np.random.default_rng(4).integers(0, 1024, size=(8, 6))
    calls = [call(CODES, 0, 15), call(other, 0, 6), call(CODES, 15, 30)]
    assert len(joined(calls, [delayed(CODES)], 1024)) == 3


@pytest.mark.parametrize(
    ("ends", "chunk_frames", "chunk_context"),
    [
        ([(0, 30)], None, "absent"),
        ([(0, 12), (12, 24), (24, 30)], 12, 0),
        ([(0, 12), (10, 22), (20, 30)], 12, "absent"),
        ([(0, 13), (7, 23), (17, 30)], 10, 3),
    ],
)
def test_the_profile_says_how_a_segment_was_cut(ends, chunk_frames, chunk_context):
    request = Request(decodes=[call(CODES, *each) for each in ends])
    request.generated = SimpleNamespace(segments=[delayed(CODES)])
    knobs = _decode(request, Surroundings(model_config={"audio_codebook_size": 1024}))
    assert knobs["decode.chunk_frames"] == chunk_frames
    assert knobs.get("decode.chunk_context", "absent") == chunk_context
