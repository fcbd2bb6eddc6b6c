"""Pages that the documentation makes: the glossary and the picture of the rooms."""

from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
sys.path.insert(0, str(DOCS))

import gallery  # noqa: E402
import glossary  # noqa: E402
import rooms  # noqa: E402


def test_terms_are_sorted_once_each_and_explained() -> None:
    names = [one["term"].lower() for one in glossary.terms()]
    assert names == sorted(set(names)) and len(names) > 30
    also = [x.lower() for one in glossary.terms() for x in one.get("also", [])]
    assert not set(also) & set(names)
    for one in glossary.terms():
        assert one["meaning"].endswith(".") and set(one) <= {"term", "also", "meaning"}


def test_the_picture_holds_every_room_of_the_package() -> None:
    folders = {p.parent.name for p in rooms.PACKAGE.glob("*/__init__.py")}
    assert set(rooms.rooms()) == folders
    drawn = rooms.drawing()
    assert all(f">{name}<" in drawn for name in folders)


def test_every_public_module_has_its_place_on_an_api_page() -> None:
    for room in rooms.rooms():
        text = rooms.page(room)
        for file in (rooms.PACKAGE / room).glob("[!_]*.py"):
            assert f".. automodule:: detente.{room}.{file.stem}\n" in text


def test_every_case_with_a_known_end_says_how_the_model_differs_from_it() -> None:
    from detente.cases import load

    ended = {name for name in gallery.shipped() if load(name).ended}
    assert len(ended) > 5 and ended <= set(gallery.DIFFERS) <= set(gallery.shipped())
