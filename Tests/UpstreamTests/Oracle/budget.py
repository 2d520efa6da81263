"""The story's limit on new tokens, step by step as its scripts compute it."""

from wire import Case


def run(case: Case) -> int:
    rate, headroom, smallest, largest = (130, 1.2, 48, 384) if case["is_later"] else (150, 1.5, 64, 512)
    by_words = (len(case["text"].split()) / rate) * 60
    by_characters = (len(case["text"]) / 8) * 60 / rate
    duration = max(by_words, by_characters) * headroom
    return max(min(int(duration * 25), largest), smallest)
