"""Import what every job needs; the server of processes loads this module once."""

from __future__ import annotations

import detente.analysis.structure
import detente.cases
import detente.findings.report
import detente.render.html  # noqa: F401
