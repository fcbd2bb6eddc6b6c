"""Ideal points from votes in the General Assembly."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="un-ideal-points",
    title="Ideal points from votes in the General Assembly",
    version="April 2020",
    description="Position of each state on the main dimension of votes, sessions 1 to 74 "
    "(1946-2019).",
    citation=(
        (
            "Bailey, Strezhnev & Voeten (2017). Estimating dynamic state preferences from "
            "United Nations voting data. Journal of Conflict Resolution 61(2), 430-456."
        ),
    ),
    licence="MIT",
    address=(
        "evoeten/United-Nations-General-Assembly-Votes-and-Ideal-Points/a6dce7ec687f73a73859331"
        "9a57b91333b7a3cab/Output/IdealpointestimatesAll_Apr2020.csv"
    ),
    sha256="9757b73a770355f4be8fa306afc15fb552dd9338ac14022436d9f198307596de",
    size=1160621,
    unit="state-session",
    rows=10469,
    traps=(
        "A session is not a calendar year. Session s opened in 1945 + s, most often in September, "
        "and ran into the next year: session 11 holds votes of Ghana, admitted in March 1957, and "
        "session 3 of Israel, admitted in May 1949. Joined on 1945 + s, part of the votes stand a "
        "year early.",
        "Session 19 (1964-65) is absent: almost nothing was put to a vote. Years of a join are "
        "missing there, and a lag by one session spans two years.",
    ),
    variables=(
        Variable("ccode", "country", "COW state number"),
        Variable("session", "count", "session of the General Assembly"),
        Variable("NVotes", "count", "votes cast"),
        Variable("IdealPoint", "real", "posterior mean position"),
        Variable("Q5%", "real", "5 % quantile"),
        Variable("Q50%", "real", "median"),
        Variable("Q95%", "real", "95 % quantile"),
        Variable("iso3c", "text", "ISO code"),
        Variable("Countryname", "text", "name"),
    ),
)
