"""Sound files are read back as libsndfile reads them, with and without it."""

from __future__ import annotations

import io
import sys
import wave

import numpy as np
import pytest

from higgs_capture.soundfiles import read_back, read_wav

soundfile = pytest.importorskip("soundfile")
RNG = np.random.default_rng(5)


def sound(channels: int) -> np.ndarray:
    return np.clip(RNG.normal(size=(501, channels)), -1, 1).squeeze()


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("form", ["WAV", "WAVEX"])
@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_a_wav_file_is_read_as_libsndfile_reads_it(tmp_path, subtype, form, channels):
    path = tmp_path / "a.wav"
    soundfile.write(path, sound(channels), 24_000, subtype=subtype, format=form)
    kind = "int32" if subtype.startswith("PCM") else "float32"
    expected, rate = soundfile.read(path, dtype=kind)
    with open(path, "rb") as handle:
        found = read_wav(handle)
    assert (found.sample_rate, found.subtype, found.samples.dtype) == (rate, subtype, kind)
    np.testing.assert_array_equal(found.samples.values, expected)


def test_other_formats_need_soundfile(tmp_path, monkeypatch):
    path = tmp_path / "a.flac"
    soundfile.write(path, sound(1), 24_000)
    assert read_back(path).subtype == "PCM_16"
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(ValueError, match="soundfile is not installed"):
        read_back(path)


def test_a_file_in_memory_and_one_of_the_standard_library(tmp_path):
    memory = io.BytesIO()
    with wave.open(memory, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x01\x00\xff\xff")
    place = memory.tell()
    found = read_back(memory)
    assert memory.tell() == place
    assert (found.sample_rate, found.samples.values.tolist()) == (8000, [1 << 16, -(1 << 16)])


def test_a_data_chunk_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, sound(1), 24_000)
    path.write_bytes(path.read_bytes()[:-5])
    assert read_back(path).samples.shape == (498,)
