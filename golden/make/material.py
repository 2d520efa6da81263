"""Sentences and voices that the codec is trained on, beside those that are taught."""

from __future__ import annotations

from .speech import Voice

VOICES: tuple[Voice, ...] = (
    Voice("en-gb+m1", pitch=45, speed=165),
    Voice("en-us+f4", pitch=50, speed=170),
)

SENTENCES: tuple[str, ...] = (
    "A cold wind blew across the empty square.",
    "She keeps her keys under the blue flower pot.",
    "We were told to expect rain before evening.",
    "The old clock in the hall struck eleven.",
    "Thirty people stood in line for fresh bread.",
    "He wrote his name on the first page.",
    "Could you open the window a little more?",
    "My brother plays the violin in a small band.",
    "The train to the north leaves at half past four.",
    "Children were drawing houses on the pavement.",
    "It takes an hour to walk around the lake.",
    "Every spring the river rises over the path.",
    "There is a good view from the top of the tower.",
    "They painted the garden fence green last week.",
    "I would rather have tea than coffee, thank you.",
    "The judge asked the witness to speak up.",
    "Snow covered the roofs and the narrow streets.",
    "Just behind the church you will find a pharmacy.",
    "Her voice was calm, but her hands were shaking.",
    "The engine coughed twice and then went quiet.",
    "Which of these two roads goes to the village?",
    "A yellow kite was caught in the top of a tree.",
    "The museum is closed on the first Monday of the month.",
    "Fresh paint smells stronger on a warm day.",
)
