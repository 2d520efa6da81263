"""Repairs, each on what it repairs; that a planted fault is gone with its repair is asked in golden/plant."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from higgs_capture.experiment import Arm, arms  # noqa: E402
from higgs_capture.repairs import prompt  # noqa: E402
from higgs_capture.repairs.catalogue import NOT_AT_A_HOOK, REPAIRABLE, refusal  # noqa: E402
from higgs_capture.repairs.codes import undelayed, upstream_codes  # noqa: E402
from higgs_capture.repairs.live import LiveRepairs, with_attributes  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
TOKENS = {
    "audio_in_token_id": 15,
    "audio_out_token_id": 16,
    "audio_bos_token_id": 11,
    "audio_eos_token_id": 12,
    "audio_out_bos_token_id": 13,
    "assistant_header": [3, 4],
}
RNG = np.random.default_rng(11)


def repairs(*ids: str) -> LiveRepairs:
    made = LiveRepairs(ids)
    made.tokens = TOKENS
    made.config = SimpleNamespace(
        audio_codebook_size=1024,
        use_delay_pattern=True,
        audio_num_codebooks=8,
        pad_token_id=1,
        audio_stream_bos_id=1024,
        audio_stream_eos_id=1025,
        encode_whisper_embed=False,
    )
    return made


def sample(ids: list[int], frames: int = 3, starts: list[int] | None = None, **changes):
    given = {
        "input_ids": torch.tensor(ids),
        "audio_ids_concat": torch.arange(8 * frames).reshape(8, frames),
        "audio_ids_start": torch.tensor([0] if starts is None else starts),
        "audio_waveforms_concat": None,
        "audio_waveforms_start": None,
        "audio_sample_rate": None,
    }
    return SimpleNamespace(**{**given, **changes})


def delayed(codes: np.ndarray, ends: bool = True) -> np.ndarray:
    """Codes [C, T] as `generate` returns them; cut by the limit before their end with `ends` False."""
    rows, frames = codes.shape
    stream = np.full((rows, frames + rows + 1), 1025)
    for row in range(rows):
        stream[row, : row + 1] = 1024
        stream[row, row + 1 : row + 1 + frames] = codes[row]
    return stream if ends else stream[:, :-rows]


def test_every_id_of_the_catalogue_has_a_repair_or_a_reason():
    page = (ROOT / "docs" / "faults.md").read_text()
    ids = set(re.findall(r"^\| `((?:collator|generation|tokens|decode)\.[a-z0-9-]+)`", page, re.MULTILINE))
    named = {name for name in ids if not name.endswith(".unexplained")}
    assert named == {*REPAIRABLE, *NOT_AT_A_HOOK}
    assert not set(REPAIRABLE) & set(NOT_AT_A_HOOK)


@pytest.mark.parametrize("name", sorted(NOT_AT_A_HOOK))
def test_what_cannot_be_repaired_is_refused_with_its_reason(name):
    assert refusal([REPAIRABLE[0], name]) == f"--apply {name}: cannot be repaired while the script runs: " + (
        NOT_AT_A_HOOK[name]
    )


def test_without_a_repair_the_very_same_objects_go_on():
    given, live = sample([5, 15, 16]), repairs()
    made, applied = live.sample(given)
    assert vars(made) == vars(given) and applied == []
    codes = torch.zeros((1, 8, 3), dtype=torch.long)
    assert live.codes(codes)[0][0] is codes
    data = np.zeros(3)
    assert live.writing(data, 24000)[0] is data
    assert not live


@pytest.mark.parametrize(
    ("ids", "expected", "applied"),
    [
        ([5, 11, 15, 12, 6, 13, 16, 12, 7], [5, 6, 13, 16, 12, 7], ["collator.surplus-placeholder"]),
        ([5, 13, 16, 12, 7], [5, 13, 16, 12, 7], []),
    ],
)
def test_surplus_placeholders_leave_the_prompt_with_their_neighbours(ids, expected, applied):
    given = sample(ids)
    made, done = repairs("collator.surplus-placeholder").sample(given)
    assert (made.input_ids.tolist(), done) == (expected, applied)
    assert given.input_ids.tolist() == ids


def test_starts_are_those_of_the_segments_that_were_encoded():
    live = repairs("collator.starts-wrong")
    live.encoded = [(torch.zeros(8, 2), None, None), (torch.zeros(8, 3), None, None)]
    made, done = live.sample(sample([16, 16], 5, [0, 4]))
    assert (made.audio_ids_start.tolist(), done) == ([0, 2], ["collator.starts-wrong"])
    assert live.encoded == []
    trailing = repairs("collator.trailing-start")
    made, done = trailing.sample(sample([16], 3, [0, 3]))
    assert (made.audio_ids_start.tolist(), done) == ([0], ["collator.trailing-start"])


def test_the_reference_is_what_the_codec_gave():
    live = repairs("collator.reference-codes-wrong")
    live.encoded = [(torch.full((8, 4), 7), None, None)]
    made, done = live.sample(sample([16], 3, [0]))
    assert (made.audio_ids_concat.tolist(), done) == ([[7] * 4] * 8, ["collator.reference-codes-wrong"])


def test_a_waveforms_rate_follows_from_the_sound_that_was_encoded():
    live = repairs("collator.waveform-rate")
    live.encoded = [(torch.zeros(8, 3), 24_000, 24_000)]
    given = sample([15], audio_waveforms_concat=torch.zeros(16_001), audio_sample_rate=torch.tensor([24_000.0]))
    made, done = live.sample(given)
    assert (made.audio_sample_rate.tolist(), done) == ([16_000.0], ["collator.waveform-rate"])


@pytest.mark.parametrize(
    ("name", "ending"), [("collator.missing-generation-prompt", [3, 4]), ("collator.missing-audio-out-bos", [13])]
)
def test_the_prompts_ending_is_added_once(name, ending):
    made, done = repairs(name).sample(sample([5]))
    assert (made.input_ids.tolist(), done) == ([5, *ending], [name])
    assert repairs(name).sample(made)[1] == []


def test_flags_are_put_back_also_where_the_collator_raises():
    collator = SimpleNamespace(return_audio_in_tokens=True, pad_left=False, round_to=8)
    changes, done = repairs("collator.return-audio-in-tokens", "collator.round-to", "collator.pad-side").flags(collator)
    assert done == ["collator.return-audio-in-tokens", "collator.round-to"]
    with pytest.raises(ValueError), with_attributes(collator, changes):
        assert (collator.return_audio_in_tokens, collator.round_to) == (False, 1)
        raise ValueError
    assert (collator.return_audio_in_tokens, collator.round_to) == (True, 8)


def test_without_a_repair_nothing_of_collator_or_configuration_is_read():
    live = LiveRepairs(())
    live.config = object()
    assert live.flags(object()) == ({}, [])


def test_arguments_are_the_serving_engines():
    given = {"temperature": 0.3, "top_p": 0.95, "max_new_tokens": 48}
    made, done = repairs("generation.temperature", "generation.top-p", "generation.ras-window").arguments(given)
    assert made == {"temperature": 0.7, "top_p": 0.95, "max_new_tokens": 48, "ras_win_len": 7}
    assert sorted(done) == ["generation.ras-window", "generation.temperature"]
    assert repairs("generation.budget").arguments(given)[0]["max_new_tokens"] == 1024
    assert given["temperature"] == 0.3


@pytest.mark.parametrize("left", [True, False])
def test_padding_is_cut_off_at_either_end(left):
    ids, mask = ([0, 0, 5, 6], [0, 0, 1, 1]) if left else ([5, 6, 0], [1, 1, 0])
    made, done = repairs("collator.round-to").arguments(
        {"input_ids": torch.tensor([ids]), "attention_mask": torch.tensor([mask])}
    )
    assert (made["input_ids"].tolist(), made["attention_mask"].tolist()) == ([[5, 6]], [[1, 1]])
    assert done == ["collator.round-to"]


def test_the_codec_is_given_upstreams_codes():
    pytest.importorskip("boson_multimodal")
    from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern

    codes = RNG.integers(0, 1024, (8, 20))
    stream = delayed(codes)
    np.testing.assert_array_equal(undelayed(stream), revert_delay_pattern(torch.tensor(stream)).numpy())
    np.testing.assert_array_equal(upstream_codes(stream, 1024, set()), codes)
    live = repairs("tokens.no-strip", "tokens.clip-bound")
    live.begins([stream])
    wrong = torch.tensor(undelayed(stream).clip(0, 895))[None]
    (made,), done = live.codes(wrong)
    np.testing.assert_array_equal(made[0].numpy(), codes)
    assert sorted(done) == ["tokens.clip-bound", "tokens.no-strip"]
    again = torch.tensor(codes)[None]
    assert live.codes(again) == ([again], [])


def test_joined_segments_are_decoded_one_by_one():
    streams = [delayed(RNG.integers(0, 1024, (8, frames))) for frames in (12, 15)]
    live = repairs("tokens.joined-segments")
    live.begins(streams)
    joined = np.concatenate([upstream_codes(stream, 1024, set()) for stream in streams], axis=1)
    made, done = live.codes(torch.tensor(joined)[None])
    assert [codes.shape for codes in made] == [(1, 8, 12), (1, 8, 15)]
    assert done == ["tokens.joined-segments"]


def test_a_valid_last_frame_is_kept_and_special_columns_are_left_out():
    codes = RNG.integers(0, 1024, (8, 20))
    cut = delayed(codes, ends=False)
    kept = upstream_codes(cut, 1024, {"tokens.strip-valid-frame"})
    assert kept.shape[1] == upstream_codes(cut, 1024, set()).shape[1] + 1
    np.testing.assert_array_equal(kept, codes[:, : kept.shape[1]])
    special = codes.copy()
    special[3, 9] = 1025
    np.testing.assert_array_equal(
        upstream_codes(delayed(special), 1024, {"tokens.special-inside"}), np.delete(codes, 9, axis=1)
    )


def test_a_chunk_is_cut_out_of_the_whole():
    codes = RNG.integers(0, 1024, (8, 20))
    live = repairs("decode.chunked")
    live.begins([delayed(codes)])

    def decode(given):
        return np.arange(given.shape[-1] * 960, dtype="f4").reshape(1, 1, -1)

    for start in (0, 8):
        chunk = torch.tensor(codes[:, start : start + 8])[None]
        sound, done = live.chunk_of_whole(chunk, decode)
        assert (sound[0, 0, 0], sound.shape, done) == (start * 960, (1, 1, 8 * 960), ["decode.chunked"])
    assert live.chunk_of_whole(torch.tensor(codes)[None], decode) == (None, [])


def test_the_codecs_own_sound_is_written():
    sound = RNG.normal(size=960).astype("f4")
    live = repairs("decode.output-scale", "decode.sample-rate", "decode.pcm-floor")
    live.decoded([sound])
    data, rate, subtype, done = live.writing(sound * 32767, 16_000)
    np.testing.assert_array_equal(data, sound)
    assert (rate, subtype) == (24_000, "FLOAT")
    assert done == ["decode.output-scale", "decode.sample-rate", "decode.pcm-floor"]
    live.decoded([sound])
    assert repairs("decode.output-scale").writing(sound, 24_000)[3] == []
    assert live.writing(sound, 24_000)[3] == ["decode.pcm-floor"]


def test_each_repair_runs_alone_then_all_and_the_script_as_it_is_last():
    plan = list(arms(["a", "b"], 2))
    assert plan[:4] == [
        Arm("repaired", 0, ("a",)),
        Arm("repaired", 0, ("b",)),
        Arm("repaired", 0, ("a", "b")),
        Arm("as_is", 0),
    ]
    assert [arm.seed for arm in plan] == [0] * 4 + [1] * 4
    assert list(arms(["a"], 1)) == [Arm("repaired", 0, ("a",)), Arm("as_is", 0)]


def test_starts_of_segments():
    assert prompt.starts_of([2, 3, 1]) == [0, 2, 5]
    assert prompt.starts_of([]) == []
