"""Cases in words, from the plants themselves."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "capture")]

SAID = {
    "collator.missing-header": "`no_header`: Nothing behind the last user's turn.",
    "collator.surplus-placeholder-raises": "",
    "collator.surplus-placeholder-heard": "`starts(trailing_total)`: Where segments start, from their lengths. "
    "`attribute(return_audio_in_tokens=True)`: Attributes of the script's own collator.",
    "collator.delay-twice-subclass": "`subclass(before=delayed_sample)`: A subclass of upstream's collator, which "
    "changes the sample before or the batch after. The same in a subclass, on a sample of one segment.",
    "collator.codebooks-swapped": "`segments(swapped(..., ...))`: The script changes codes after it encoded them. "
    "Two codebooks in each other's place.",
    "generation.id-1030": "`around(beyond(0, 6))`: A subclass that changes what upstream's step gave. A special id "
    "that the head does not have, now and then.",
    "generation.parameters-hot": "`own(place=instance, scores_of=hot_scores)`: A state machine of the user's own "
    "(`sampler.state_machine`). The step as a method of the one live model.",
    "tokens.revert-twice-engine": "`engine_revert(lambda once: lambda delayed: once(once(delayed)))`: Another "
    "`revert_delay_pattern` in the engine's module; takes what stood there.",
    "tokens.strip-guard": "`own_cut(strip_guard(50))`: The script's own way from a delayed segment [C, L] to codes "
    "[C, T]. Strips only streams of more than so many columns.",
    "decode.decoder-keys": "`keys_renamed('decoder_2.model.2.')`: A checkpoint whose keys have another prefix: "
    "`strict=False` leaves those tensors at initialisation.",
    "decode.scaled-down": "`before_writing(lambda w: w / 32768, subtype='FLOAT')`: What the script does to the "
    "waveform [N] before it is written.",
    "decode.half": "`precision(torch.float16)`: The whole codec in another precision, once the reference is encoded; "
    "float32 again behind its last layer.",
}
ASKED = {
    "collator.missing-header": "",
    "collator.surplus-placeholder-raises": "prompt `typed`",
    "generation.greedy": "upstream's engine, `temperature=0.0`",
    "tokens.no-strip-script": "the way of `examples/generation.py`",
}


@pytest.fixture(scope="module")
def rows(cases) -> dict[str, dict]:
    return {case.name: case.row() for case in cases}


@pytest.mark.parametrize("name", SAID)
def test_how_a_fault_was_planted(rows, name):
    assert rows[name]["how"] == SAID[name]


@pytest.mark.parametrize("name", ASKED)
def test_what_was_asked_for(rows, name):
    assert rows[name]["request"] == ASKED[name]


def test_every_plant_is_told_with_what_it_is_for(rows):
    for row in rows.values():
        for part in ("<function", "<locals>", "<object", " at 0x"):
            assert part not in row["how"], row["name"]
        assert "lambda ..." not in row["how"], row["name"]
        assert "`:  " not in row["how"] and not row["how"].endswith(": "), row["name"]
