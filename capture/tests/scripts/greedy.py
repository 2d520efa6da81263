"""Prints the tokens that it generates greedily."""

import json

from own_pipeline import Pipeline


class GreedyPipeline(Pipeline):
    def settings(self):
        return {"temperature": 0.0, "do_sample": False, "seed": 0, "max_new_tokens": 400}


for segment in GreedyPipeline().speak():
    print("tokens", json.dumps(segment.tolist()))
