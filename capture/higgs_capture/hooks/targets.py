"""Which modules are hooked, by which part. Read at the start of every observed process: plain data only."""

from __future__ import annotations

UPSTREAM = "boson_multimodal"
COLLATOR = f"{UPSTREAM}.data_collator.higgs_audio_collator"
MODEL = f"{UPSTREAM}.model.higgs_audio.modeling_higgs_audio"
MODEL_UTILS = f"{UPSTREAM}.model.higgs_audio.utils"
CODEC = f"{UPSTREAM}.audio_processing.higgs_audio_tokenizer"
DATASET = f"{UPSTREAM}.dataset.chatml_dataset"

SOUNDFILE = "soundfile"
TORCHAUDIO = "torchaudio"
SCIPY_WAV = "scipy.io.wavfile"
WAVE = "wave"

#: Module -> the part of `hooks` that knows it.
MODULES = {
    COLLATOR: "boson",
    MODEL: "boson",
    MODEL_UTILS: "boson",
    CODEC: "boson",
    DATASET: "boson",
    SOUNDFILE: "sound",
    TORCHAUDIO: "sound",
    SCIPY_WAV: "sound",
    WAVE: "sound",
}
