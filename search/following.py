"""Where a reader can follow a search: a room above says so, if there is one."""

from collections.abc import Callable
from urllib.parse import urlencode

#: Given the parameters of a search, the address at which it can be followed.
_address: Callable[[str], str] | None = None


def offer(address: Callable[[str], str]) -> None:
    """Called once by the room that keeps subscriptions, in ``AppConfig.ready()``."""
    global _address
    _address = address


def address(pairs: list[tuple[str, str]]) -> str:
    """Where this search can be followed; "" where nobody offers it."""
    return _address(urlencode(pairs)) if _address is not None else ""
