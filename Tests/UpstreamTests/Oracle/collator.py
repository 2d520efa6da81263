"""Upstream's collator on samples as the cases describe them."""

from types import SimpleNamespace

import torch
from boson_multimodal.data_collator.higgs_audio_collator import HiggsAudioSampleCollator
from boson_multimodal.dataset.chatml_dataset import ChatMLDatasetSample
from transformers import WhisperFeatureExtractor

from wire import Case, Packed, packed, unpacked

FIELDS = (
    "input_ids", "attention_mask", "audio_features", "audio_feature_attention_mask", "audio_out_ids",
    "audio_out_ids_start", "audio_out_ids_start_group_loc", "audio_in_ids", "audio_in_ids_start",
    "label_ids", "label_audio_ids", "reward",
)  # fmt: skip


class ShapesOnly(WhisperFeatureExtractor):
    """Upstream's feature extractor without its spectrogram, for cases that compare everything but its values."""

    def _torch_extract_fbank_features(self, waveform, device="cpu"):
        return torch.zeros(len(waveform), self.feature_size, self.nb_max_frames).numpy()


EXTRACTORS = {
    (bins, complete): (WhisperFeatureExtractor if complete else ShapesOnly)(feature_size=bins)
    for bins in (80, 128)
    for complete in (False, True)
}


def sample(case: Case) -> ChatMLDatasetSample:
    waveform = unpacked(case["waveform"])
    if waveform is None and case["waveform_samples"] is not None:
        waveform = torch.zeros(case["waveform_samples"])
    return ChatMLDatasetSample(
        input_ids=unpacked(case["input_ids"]),
        label_ids=unpacked(case["label_ids"]),
        audio_ids_concat=unpacked(case["audio_ids_concat"]),
        audio_ids_start=unpacked(case["audio_ids_start"]),
        audio_waveforms_concat=waveform,
        audio_waveforms_start=unpacked(case["waveforms_start"]),
        audio_sample_rate=unpacked(case["sample_rates"]),
        audio_speaker_indices=None,
        audio_label_ids_concat=unpacked(case["audio_label_ids_concat"]),
        reward=case["reward"],
    )


def run(case: Case) -> dict[str, Packed]:
    knobs = case["collator"]
    extractor = EXTRACTORS.get((knobs.pop("whisper_mel_bins", None), case["with_features"]))
    processor = None if extractor is None else SimpleNamespace(feature_extractor=extractor)
    batch = HiggsAudioSampleCollator(processor, **knobs)([sample(each) for each in case["samples"]])
    fields = {name: getattr(batch, name) for name in FIELDS}
    features = fields["audio_features"]
    if not case["with_features"]:
        del fields["audio_features"]
    shape = None if features is None else torch.tensor(features.shape, dtype=torch.int64)
    return {name: packed(field) for name, field in fields.items()} | {"audio_features_shape": packed(shape)}
