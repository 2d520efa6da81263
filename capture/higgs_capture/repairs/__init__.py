"""Repairs a deviation while the script runs: each at the hook where what it spoils passes by."""

from __future__ import annotations

from .catalogue import NOT_AT_A_HOOK, REPAIRABLE, refusal
from .live import LiveRepairs

__all__ = ["NOT_AT_A_HOOK", "REPAIRABLE", "LiveRepairs", "refusal"]
