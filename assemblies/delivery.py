"""How much of what was announced for a recommendation is delivered: all, some, none. Pure.

A measure counts as delivered when it is delivered, or delivered for good and going on. A
recommendation without measures of which it is said how far it is counts as one announced measure.
Stopped measures, and those no longer applicable, were announced all the same: they stay counted.
"""

from collections.abc import Sequence

from assemblies.state import DONE

ALL = "all"
SOME = "some"
NONE = "none"
UNANNOUNCED = "unannounced"
#: In the order in which they are told.
SHARES = (ALL, SOME, NONE, UNANNOUNCED)


def share(codes: Sequence[str], own: str = "") -> str:
    """``codes``: how far each of its measures is; ``own``: how far itself, where it has none."""
    announced = list(codes) or ([own] if own else [])
    if not announced:
        return UNANNOUNCED
    done = sum(code in DONE for code in announced)
    if not done:
        return NONE
    return ALL if done == len(announced) else SOME
