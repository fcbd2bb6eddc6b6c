"""An estimated model: coefficients, their covariance, fit, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from detente.arrays import Floats
from detente.errors import InputError
from detente.history.estimators.dual import Array
from detente.history.estimators.parameters import Parameter

__all__ = ["FitResult"]


@dataclass(frozen=True)
class FitResult:
    """Result of a fit.

    Attributes
    ----------
    model
        Name and variant, such as ``egame12 (probit, agent error)``.
    parameters
        The p coefficients: index and term of each.
    params
        (p,) estimates.
    cov
        (p, p) covariance; nan if it could not be computed.
    cov_kind
        Method of the covariance, in words.
    loglik_obs
        (n,) log likelihood of each observation.
    score_obs
        (n, p) derivatives of ``loglik_obs``.
    hessian
        (p, p) second derivatives of the log likelihood.
    endings
        Names of the outcomes, in order.
    counts
        (n, J) counts of each outcome in each row; None for a continuous outcome.
    n_plays
        Sum of the counts, or the number of rows if there are no counts.
    dropped
        Number of rows omitted because of missing values.
    converged
        Whether the search ended at a proper maximum.
    warnings
        Problems of the estimates, in words; empty if there are none.
    frame
        The used rows.
    predictor
        Function from (params, table or None) to (m, J) probabilities.
    extra
        Further results of the model, such as its equilibria.
    """

    model: str
    parameters: list[Parameter]
    params: Floats
    cov: Floats
    cov_kind: str
    loglik_obs: Floats
    score_obs: Floats
    hessian: Floats
    endings: tuple[str, ...]
    counts: Floats | None
    n_plays: int
    dropped: int
    converged: bool
    warnings: tuple[str, ...]
    frame: pd.DataFrame = field(repr=False)
    predictor: Callable[[Array, pd.DataFrame | None], Array] = field(repr=False)
    extra: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> list[str]:
        """The coefficients in words, ``index:term``, for display."""
        return list(map(str, self.parameters))

    @property
    def loglik(self) -> float:
        """The log likelihood."""
        return float(self.loglik_obs.sum())

    @property
    def se(self) -> Floats:
        """Standard errors, (p,)."""
        d = np.diag(self.cov)
        return np.sqrt(np.where(d >= 0, d, np.nan))

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return 2.0 * len(self.params) - 2.0 * self.loglik

    @property
    def bic(self) -> float:
        """Schwarz's criterion, with the number of plays."""
        return float(np.log(self.n_plays)) * len(self.params) - 2.0 * self.loglik

    def conf_int(self, level: float = 0.95) -> Floats:
        """Return normal confidence limits, (p, 2)."""
        half = norm.ppf(0.5 + level / 2.0) * self.se
        return np.column_stack([self.params - half, self.params + half])

    def robust(self, clusters: str | Sequence[Any] | None = None) -> FitResult:
        """Return the same estimates with a sandwich covariance.

        Parameters
        ----------
        clusters
            A column of the data, or one label per used row. Observations of one cluster may
            depend on one another. None: each row is its own cluster.
        """
        name = ""
        if clusters is None:
            groups = np.arange(len(self.loglik_obs))
            kind = "robust (sandwich)"
        else:
            if isinstance(clusters, str):
                if clusters not in self.frame.columns:
                    raise InputError(f"the data has no column {clusters!r} to cluster by",
                                     expected="a column of the data")
                labels = self.frame[clusters].to_numpy()
                name = clusters
            else:
                labels, name = np.asarray(clusters), "the given groups"
            if len(labels) != len(self.loglik_obs):
                raise InputError(f"{len(labels)} cluster labels for {len(self.loglik_obs)} rows",
                                 expected="one label per used row")
            groups = pd.factorize(labels, use_na_sentinel=True)[0]
            if (groups < 0).any():
                raise InputError(f"{int((groups < 0).sum())} rows have no cluster in {name}",
                                 expected="a label in every row")
            kind = f"clustered by {name} ({groups.max() + 1} clusters)"
        if "influence" in self.extra:
            raise InputError(f"a sandwich covariance is not defined for {self.model}",
                             expected="its own covariance, without robust or cluster")
        kept = np.isfinite(np.diag(self.cov))  # the others have no finite maximum
        if not kept.any():
            kept = np.ones(len(self.params), dtype=bool)
        bread = np.full_like(self.cov, np.nan)
        bread[np.ix_(kept, kept)] = inverse(-self.hessian[np.ix_(kept, kept)])[0]
        g = int(groups.max()) + 1
        if g < 2:
            raise InputError(f"all rows are in one cluster of {name}" if clusters is not None
                             else "the data has one row",
                             expected="at least two clusters; a clustered covariance is computed "
                             "from differences between clusters")
        sums = np.zeros((g, len(self.params)))
        np.add.at(sums, groups, self.score_obs)
        sums[:, ~kept] = 0.0
        meat = sums.T @ sums * (g / (g - 1.0))
        extra: tuple[str, ...] = ()
        if g <= len(self.params):
            extra = (f"only {g} clusters for {len(self.params)} parameters: the clustered "
                     "covariance is singular and its standard errors are too small",)
        return replace(
            self, cov=_sandwich(bread, meat, kept), cov_kind=kind, warnings=(*self.warnings, *extra)
        )

    def predict(self, data: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the probability of each outcome, for the used rows or for new rows."""
        p = np.real(self.predictor(self.params, data))
        rows = self.frame.index if data is None else data.index
        return pd.DataFrame(p, index=rows, columns=list(self.endings))

    def tidy(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row per parameter: estimate, standard error, z, p, limits.

        The estimate of a coefficient without a finite maximum is plus or minus infinity.
        """
        limits = self.conf_int(level)
        unbounded = self.extra.get("limits") or {}
        shown = np.array([unbounded.get(n, v)
                          for n, v in zip(self.parameters, self.params, strict=True)],
                         dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            z = self.params / self.se
        return pd.DataFrame({
            "index": [one.index for one in self.parameters],
            "term": [one.term for one in self.parameters],
            "estimate": shown, "std_error": self.se, "z": z,
            "p_value": 2.0 * norm.sf(np.abs(z)), "low": limits[:, 0], "high": limits[:, 1],
        })

    def summary(self, level: float = 0.95) -> str:
        """Return the estimates as text."""
        table = self.tidy(level)
        width = max((len(n) for n in self.names), default=4)
        rule = "-" * (width + 58)
        lines = [
            self.model,
            f"plays {self.n_plays}, rows {len(self.loglik_obs)}, left out for missing values "
            f"{self.dropped}",
            f"log-likelihood {self.loglik:.5f}, AIC {self.aic:.2f}, BIC {self.bic:.2f}",
            f"standard errors: {self.cov_kind}", rule,
            f"{'':{width}} {'estimate':>10} {'std. error':>11} {'z':>8} {'p':>7}  "
            f"{level:.0%} interval", rule,
        ]
        for name, row in zip(self.names, table.itertuples(index=False), strict=True):
            lines.append(
                f"{name:{width}} {row.estimate:10.4f} {row.std_error:11.4f} {row.z:8.2f} "
                f"{row.p_value:7.3f}  [{row.low:.3f}, {row.high:.3f}]"
            )
        lines.append(rule)
        lines += [f"warning: {w}" for w in self.warnings]
        return "\n".join(lines)

    def to_latex(self, digits: int = 3) -> str:
        """Return the estimates as a LaTeX table, standard errors in parentheses."""
        rows = []
        for row in self.tidy().itertuples(index=False):
            name = f"{row.index}: {row.term}".replace("_", r"\_")
            rows.append(
                rf"{name} & ${row.estimate:.{digits}f}$ & (${row.std_error:.{digits}f}$) \\"
            )
        return "\n".join([
            r"\begin{tabular}{lrr}", r"\hline", r" & Estimate & Std. error \\", r"\hline", *rows,
            r"\hline", rf"Log-likelihood & ${self.loglik:.{digits}f}$ & \\",
            rf"Plays & {self.n_plays} & \\", r"\hline", r"\end{tabular}",
        ])

    def as_dict(self) -> dict[str, Any]:
        """Return everything that is a number or a word, ready for JSON."""
        def number(x: float) -> float | None:
            return float(x) if np.isfinite(x) else None

        table = self.tidy()
        numbers = ["estimate", "std_error", "z", "p_value", "low", "high"]
        terms = [
            {"index": r["index"], "term": r["term"], **{c: number(r[c]) for c in numbers},
             **({"limit": "+inf" if r["estimate"] > 0 else "-inf"}
                if np.isinf(r["estimate"]) else {})}
            for r in table.to_dict("records")
        ]
        return {
            "model": self.model, "terms": terms, "loglik": number(self.loglik),
            "aic": number(self.aic), "bic": number(self.bic), "plays": self.n_plays,
            "rows": len(self.loglik_obs), "dropped": self.dropped, "converged": self.converged,
            "standard_errors": self.cov_kind, "warnings": list(self.warnings),
        }


def _sandwich(bread: Floats, meat: Floats, kept: NDArray[np.bool_]) -> Floats:
    """Return bread meat bread for the kept parameters, nan for the others."""
    cov = np.full_like(meat, np.nan)
    at = np.ix_(kept, kept)
    cov[at] = bread[at] @ meat[at] @ bread[at]
    return cov


def inverse(information: Floats) -> tuple[Floats, bool]:
    """Return the inverse of an information matrix and whether it is positive definite.

    If it is not, standard errors do not exist, and all are nan.
    """
    scale = np.sqrt(np.abs(np.diag(information)))
    scale = np.where(scale > 0, scale, 1.0)
    scaled = information / np.outer(scale, scale)
    eigen = np.linalg.eigvalsh(scaled) if len(scaled) else np.ones(1)
    if not np.all(np.isfinite(eigen)) or eigen[0] <= 1e-12 * eigen[-1]:
        return np.full_like(information, np.nan), False
    return np.linalg.inv(scaled) / np.outer(scale, scale), True
