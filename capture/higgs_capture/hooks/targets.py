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

#: Part of `hooks` -> module -> function, or Class.method -> the hook's name.
TARGETS: dict[str, dict[str, dict[str, str]]] = {
    "boson": {
        COLLATOR: {
            "HiggsAudioSampleCollator.__init__": "collator_made",
            "HiggsAudioSampleCollator.__call__": "collator",
        },
        MODEL: {
            "HiggsAudioModel.__init__": "model",
            "HiggsAudioModel.generate": "generate",
            "HiggsAudioModel._sample": "sample",
            "HiggsAudioModel._sample_audio_tokens": "audio_step",
            "HiggsAudioModel._sample_text_tokens": "text_step",
        },
        MODEL_UTILS: {"revert_delay_pattern": "revert"},
        CODEC: {
            "HiggsAudioTokenizer.encode": "encode",
            "HiggsAudioTokenizer.decode": "decode",
            "load_higgs_audio_tokenizer": "load_codec",
        },
        DATASET: {"prepare_chatml_sample": "prompt"},
    },
    "sound": {
        SOUNDFILE: {"write": "write", "SoundFile.close": "sound_file"},
        TORCHAUDIO: {"save": "torchaudio_save"},
        SCIPY_WAV: {"write": "scipy_write"},
        WAVE: {"Wave_write.close": "wave_write"},
    },
}
#: Module -> the part of `hooks` that knows it.
MODULES = {module: part for part, modules in TARGETS.items() for module in modules}
