"""A collator of one's own that pads to a multiple of eight after upstream's."""

import torch
from boson_multimodal.data_collator.higgs_audio_collator import HiggsAudioSampleCollator
from own_pipeline import Pipeline


class PaddingCollator(HiggsAudioSampleCollator):
    def __call__(self, batch):
        made = super().__call__(batch)
        missing = -made.input_ids.shape[1] % 8
        made.input_ids = torch.nn.functional.pad(made.input_ids, (0, missing), value=self.pad_token_id)
        made.attention_mask = torch.nn.functional.pad(made.attention_mask, (0, missing))
        return made


class PaddingPipeline(Pipeline):
    collator_class = PaddingCollator


PaddingPipeline().speak()
