"""Files in and out: the exchange form, and tables by a mapping."""

from __future__ import annotations
