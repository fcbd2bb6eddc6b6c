"""The published files themselves, where they are: tests that need them skip where they are not."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SANCTIONS = (
    "sq+cd+sf+bd ~ 0+sqrt(senderecondep)+senderdemocracy+contig+ally | anticipatedsendercosts"
    " | sqrt(targetecondep)+anticipatedtargetcosts+contig+ally"
    " | sqrt(senderecondep)+senderdemocracy+lncaprat | targetdemocracy+lncaprat"
    " | senderdemocracy | 0"
)
WAR = "esc+war ~ s_wt_re1+revis1 | 0 | regime1 | balanc+regime2"


@pytest.fixture(scope="session")
def raw() -> Path:
    folder = Path(os.environ.get("DETENTE_TEST_DATA", ROOT / ".." / "shared" / "data" / "raw"))
    if not folder.is_dir():
        pytest.skip(f"the published data files are not at {folder}; set DETENTE_TEST_DATA")
    return folder.resolve()


@pytest.fixture(scope="session")
def load(raw, tmp_path_factory):
    """Return a function that fetches a data set from the raw folder and reads it."""
    from detente.history.read import load as read
    from detente.history.store import fetch

    folder = tmp_path_factory.mktemp("data")
    kept = {}

    def get(name):
        if name not in kept:
            fetch(name, base=str(raw), folder=folder)
            kept[name] = read(name, folder)
        return kept[name].copy()

    get.folder = folder
    return get


@pytest.fixture(scope="session")
def npl(load):
    from detente.history.estimators.fit_signalling import fit_signalling

    return fit_signalling(SANCTIONS, load("sanctions"), first_stage=("PRhat", "PFhat"))
