"""Says one sentence, then crashes between the tokens and the codec of the next one."""

from own_pipeline import Pipeline


class CrashingPipeline(Pipeline):
    said = 0

    def cut(self, delayed):
        self.said += 1
        codes = super().cut(delayed)
        return codes if self.said == 1 else codes[:, :, None].view(8, -1, 7)


pipeline = CrashingPipeline()
pipeline.speak()
pipeline.speak("Nobody heard the bell this morning.")
