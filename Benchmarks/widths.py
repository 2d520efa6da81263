"""The widths of upstream's codec: those of the released one, and of the tiny checkpoint of `golden/weights`."""

from __future__ import annotations

from typing import Any

_SHARED = {"ratios": [8, 5, 4, 2, 3], "n_q": 8, "bins": 1024}
WIDTHS: dict[str, dict[str, Any]] = {
    "tiny": {**_SHARED, "D": 320, "channels": 128, "quantizer_dim": 1088, "codebook_dim": 16},
    "released": {**_SHARED, "D": 256, "channels": 1024, "quantizer_dim": 1024, "codebook_dim": 64},
}
"""Arguments of `make_fixtures.DecodingSide`, by the codec's name."""
