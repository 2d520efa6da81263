"""What upstream itself says to the claims of docs/story.md: its source, its token handling, its model."""

import ast
import inspect
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from boson_multimodal.audio_processing.higgs_audio_tokenizer import HiggsAudioTokenizer
from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern
from boson_multimodal.serve import serve_engine

from wire import Case, packed, unpacked

sys.path.append(str(Path(__file__).parents[3]))


@cache
def source() -> ast.Module:
    return ast.parse(inspect.getsource(serve_engine))


def call_of(name: str) -> dict[str, Any]:
    """The keywords with constant values in the serving engine's only call of a function."""
    calls = [
        node
        for node in ast.walk(source())
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name
    ]
    assert len(calls) == 1
    keywords = {keyword.arg: keyword.value for keyword in calls[0].keywords}
    return {name: value.value for name, value in keywords.items() if isinstance(value, ast.Constant)}


def stop_strings() -> list[str]:
    """The list that both of the serving engine's ways to generate assign where none is given."""
    lists = [
        ast.literal_eval(node.value)
        for node in ast.walk(source())
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "stop_strings"
    ]
    assert lists and all(each == lists[0] for each in lists)
    return lists[0]


def generation(_: Case) -> dict[str, Any]:
    parameters = inspect.signature(serve_engine.HiggsAudioServeEngine.generate).parameters
    names = ("temperature", "top_k", "top_p", "ras_win_len", "ras_win_max_num_repeat", "seed")
    found = {name: parameters[name].default for name in names}
    required = parameters["max_new_tokens"].default is inspect.Parameter.empty
    return found | {"stop_strings": stop_strings(), "max_new_tokens_is_required": required}


def collator(_: Case) -> dict[str, Any]:
    return call_of("HiggsAudioSampleCollator")


def tokens(case: Case) -> Any:
    """The serving engine's one line."""
    output_audio = unpacked(case["stream"])
    return packed(revert_delay_pattern(output_audio).clip(0, case["codebook_size"] - 1)[:, 1:-1])


def codebook_size(case: Case) -> int:
    return HiggsAudioTokenizer.codebook_size.fget(SimpleNamespace(quantizer_dim=case["quantizer_dim"]))


@cache
def model() -> Any:
    from golden.make import architecture

    torch.manual_seed(0)
    return architecture.make_model().eval()


@torch.inference_mode()
def whisper_reaches_logits(_: Case) -> bool:
    """Whether features of a waveform change anything that a model without an audio tower gives."""
    config = model().config
    assert config.skip_audio_tower
    ids = torch.tensor([[5, config.audio_in_token_idx, 6, 7]])
    codes = torch.randint(0, config.audio_codebook_size, (config.audio_num_codebooks, 12))
    inputs = {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "audio_in_ids": codes,
        "audio_in_ids_start": torch.tensor([0]),
    }
    plain = model()(**inputs).logits
    mask = torch.ones(1, 3000, dtype=torch.int32)
    heard = model()(**inputs, audio_features=torch.randn(1, 128, 3000), audio_feature_attention_mask=mask).logits
    silent = model()(**inputs | {"audio_in_ids": (codes + 1) % config.audio_codebook_size}).logits
    assert not torch.equal(plain, silent), "the model reads the codes, so the comparison means something"
    return not torch.equal(plain, heard)


QUESTIONS = {
    name: globals()[name]
    for name in ("generation", "collator", "tokens", "codebook_size", "whisper_reaches_logits")
}


def run(case: Case) -> Any:
    return QUESTIONS[case["question"]](case)
