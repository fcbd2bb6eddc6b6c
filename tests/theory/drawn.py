"""What the brute-force tests share: how many parameters are drawn, and how near to a tie."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

unit = st.floats(0.05, 0.95)
quick = settings(max_examples=20, deadline=None)
many = settings(max_examples=300, deadline=None)  # where a wrong threshold shows only near itself
TIE = 1e-4
"""Parameters nearer to a tie than this are passed over."""
