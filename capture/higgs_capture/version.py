"""Name and version as written into every archive."""

from __future__ import annotations

VERSION = "0.1.0"
CREATED_BY = f"higgs-capture {VERSION}"
