"""Takes the revert by name, twice under other names, and keeps the columns that upstream strips."""

from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern as undo
from own_pipeline import Pipeline

again = undo


class KeepingPipeline(Pipeline):
    def cut(self, delayed):
        return again(delayed).clip(0, 1023)


KeepingPipeline().speak()
