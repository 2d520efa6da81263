"""Is killed from outside while it generates: after 25 tokens nothing more can be done about it."""

import os
import signal
import sys

from own_pipeline import Pipeline


class Streamer:
    count = 0

    def put(self, value):
        self.count += 1
        if self.count > 25:
            os.kill(os.getpid(), getattr(signal, sys.argv[1] if len(sys.argv) > 1 else "SIGKILL"))

    def end(self):
        pass


class KilledPipeline(Pipeline):
    def settings(self):
        return {**super().settings(), "streamer": Streamer()}


KilledPipeline().speak()
