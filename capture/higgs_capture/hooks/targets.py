"""Which modules are hooked, by which part. Read at the start of every observed process: plain data only."""

from __future__ import annotations

UPSTREAM = "boson_multimodal"
COLLATOR = f"{UPSTREAM}.data_collator.higgs_audio_collator"
MODEL = f"{UPSTREAM}.model.higgs_audio.modeling_higgs_audio"
MODEL_UTILS = f"{UPSTREAM}.model.higgs_audio.utils"
CODEC = f"{UPSTREAM}.audio_processing.higgs_audio_tokenizer"
DATASET = f"{UPSTREAM}.dataset.chatml_dataset"

PORT = "transformers.models"
PORT_PROCESSOR = f"{PORT}.higgs_audio_v2.processing_higgs_audio_v2"
PORT_LOOP = f"{PORT}.higgs_audio_v2.generation_higgs_audio_v2"
PORT_MODEL = f"{PORT}.higgs_audio_v2.modeling_higgs_audio_v2"
PORT_CODEC = f"{PORT}.higgs_audio_v2_tokenizer.modeling_higgs_audio_v2_tokenizer"

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
    "port": {
        PORT_PROCESSOR: {
            "HiggsAudioV2Processor.__call__": "processor",
            "HiggsAudioV2Processor.batch_decode": "batch_decode",
            "HiggsAudioV2Processor.revert_delay_pattern": "revert",
        },
        PORT_LOOP: {"HiggsAudioV2GenerationMixin._sample": "sample"},
        PORT_MODEL: {
            "HiggsAudioV2ForConditionalGeneration.__init__": "model",
            "HiggsAudioV2ForConditionalGeneration.prepare_inputs_for_generation": "step",
        },
        PORT_CODEC: {
            "HiggsAudioV2TokenizerModel.encode": "encode",
            "HiggsAudioV2TokenizerModel.decode": "decode",
        },
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
