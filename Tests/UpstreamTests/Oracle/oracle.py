"""Runs cases on upstream itself: the stack that the argument names, boson or port.

Each line of standard input is a JSON list: the stage's file, a file of cases, and the file that gets the
results: for each case what upstream returned, or what it raised.
"""

import importlib
import importlib.metadata
import importlib.util
import json
import sys
from typing import Any


def results(stage: str, questions: str) -> list[dict[str, Any]]:
    import torch

    from wire import Case

    torch.set_num_threads(1)  # the tensors are small: threads only wait for each other
    run = importlib.import_module(stage).run
    with open(questions, encoding="utf-8") as file:
        cases = json.load(file, object_hook=Case)
    outcomes: list[dict[str, Any]] = []
    for case in cases:
        try:
            outcomes.append({"value": run(case)})
        except Exception as error:  # whatever upstream raises is the answer
            outcomes.append({"raised": {"type": type(error).__name__, "message": str(error)}})
    return outcomes


def has_stack(name: str) -> bool:
    """Whether the process sees this stack's packages."""
    if importlib.util.find_spec("boson_multimodal") is None:
        return False
    major = int(importlib.metadata.version("transformers").split(".")[0])
    return major >= 5 if name == "port" else major == 4


def main() -> None:
    if not has_stack(sys.argv[1]):
        print("no upstream", flush=True)
        return
    print("ready", flush=True)
    for line in sys.stdin:
        stage, questions, answers = json.loads(line)
        outcomes = results(stage, questions)
        with open(answers, "w", encoding="utf-8") as file:
            json.dump(outcomes, file)
        print("answered", flush=True)


main()
