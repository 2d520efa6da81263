"""Which call belongs to which request."""

from __future__ import annotations

import numpy as np

from higgs_capture.association import requests, requests_of_processes, segments_of_steps
from higgs_capture.events import (
    AudioStep,
    Collated,
    Decoded,
    Encoded,
    Generated,
    Reverted,
    TextStep,
    Written,
)
from higgs_capture.tensors import ABSENT, Tensor, tensor

RNG = np.random.default_rng(7)


def codes(frames: int) -> Tensor:
    return tensor(RNG.integers(0, 1024, size=(8, frames)))


def collated(ids: list[int], *segments: Tensor, starts: list[int] | None = None) -> Collated:
    joined = np.concatenate([s.values for s in segments], axis=1) if segments else None
    item = {
        "input_ids": tensor(np.array(ids)),
        "audio_ids_concat": tensor(joined),
        "audio_ids_start": tensor(None if starts is None else np.array(starts)),
    }
    return Collated([item], {}, batch={"input_ids": tensor(np.array([ids]))})


def generated(ids: list[int], *segments: Tensor) -> Generated:
    return Generated({"input_ids": tensor(np.array([ids])), "audio_out_ids": ABSENT}, {}, segments=list(segments))


def test_an_encode_call_belongs_to_the_next_collator_call():
    one, two = Encoded(codes(5)), Encoded(codes(6))
    first, second = requests([one, collated([1], one.codes), two, collated([2], two.codes)])
    assert first.encoded == [[one]]
    assert second.encoded == [[two]]


def test_a_cached_voice_belongs_to_every_call_that_holds_its_codes():
    voice, other = Encoded(codes(5)), Encoded(codes(6))
    events = [
        voice,
        collated([1], voice.codes),
        collated([2], voice.codes),
        other,
        collated([3], voice.codes, other.codes),
    ]
    found = requests(events)
    assert [r.encoded for r in found] == [[[voice]], [[voice]], [[voice, other]]]


def test_a_segment_that_the_sample_dropped_is_still_a_fact():
    voice = Encoded(codes(5))
    (request,) = requests([voice, collated([1])])
    assert request.encoded == [[voice]]


def test_codes_that_no_call_encoded_are_cut_at_the_starts():
    a, b = codes(3), codes(4)
    (request,) = requests([collated([1], a, b, starts=[0, 3, 7])])
    assert [e.codes.shape[1] for e in request.encoded[0]] == [3, 4]
    assert request.encoded[0][1].codes.equals(b)


def test_generate_goes_to_the_waiting_call_with_the_same_ids():
    events = [collated([1]), collated([2]), generated([2]), generated([1])]
    first, second = requests(events)
    assert first.generated is events[3]
    assert second.generated is events[2]


def test_generate_without_a_collator_call_is_a_request_of_its_own():
    (request,) = requests([generated([1])])
    assert request.collated is None
    assert request.generated is not None


def test_revert_decode_and_file_go_to_the_request_of_the_segment():
    a, b = codes(20), codes(21)
    events = [
        collated([1]),
        generated([1], a),
        collated([2]),
        generated([2], b),
        Reverted(a, codes(13)),
        Decoded(codes(11)),
        Written("a.wav", 24000, "PCM_16", tensor(np.zeros(3, dtype="int32"))),
        Reverted(b, codes(14)),
        Decoded(codes(12)),
    ]
    first, second = requests(events)
    assert (len(first.reverts), len(first.decodes), len(first.written)) == (1, 1, 1)
    assert (len(second.reverts), len(second.decodes), len(second.written)) == (1, 1, 0)


def test_a_round_trip_of_the_codec_before_any_request_is_nobodys():
    assert requests([Encoded(codes(3)), Decoded(codes(3))]) == []


def test_segments_are_put_together_from_steps_where_generate_did_not_return():
    column = tensor(np.arange(8))
    step = AudioStep(logits=ABSENT, scores=ABSENT, column=column, num_delay=1, num_remaining_delays=-1)
    opened = TextStep(16, tensor(np.full(8, 1024)))
    call = Generated({}, {}, steps=[TextStep(3), opened, step, step, TextStep(4), opened, step])
    assert [s.shape for s in segments_of_steps(call)] == [(8, 3), (8, 2)]


def test_a_batch_that_another_process_collated_is_one_request_with_its_generation():
    voice = Encoded(codes(5))
    collated_there, other = collated([1, 2], voice.codes), collated([3], voice.codes)
    here, alone = generated([1, 2], codes(20)), generated([9], codes(20))
    found = requests_of_processes([[voice, collated_there, other], [here, alone]])
    assert [(r.collated, r.generated) for r in found] == [(other, None), (collated_there, here), (None, alone)]
    assert found[1].encoded == [[voice]]
