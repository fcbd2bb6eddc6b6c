"""The casebook: crises whose ends are known, drafted from data by rules written beforehand.

The rules are in ``docs/how-to/code-a-crisis.md``. A crisis has its coded facts (``facts/``), a
template (``templates/``), and the file that is drafted from both and from an estimate
(``crises/``). How the crises ended stands in ``endings.yaml``, which no drafting code reads.
"""

__all__: list[str] = []
