"""Loads once, then generates in forked workers, each its own sentence."""

import multiprocessing

import torch
from own_pipeline import Pipeline

torch.set_num_threads(1)
pipeline = Pipeline()
SENTENCES = ["Seven small boats wait for the tide.", "Nobody heard the bell this morning."]


def speak(text):
    return [segment.tolist() for segment in pipeline.speak(text)]


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for tokens in pool.map(speak, SENTENCES, chunksize=1):
            print(len(tokens[0][0]))
