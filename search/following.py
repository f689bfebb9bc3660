"""Where a reader can follow a search: a room above says so, if there is one."""

from collections.abc import Callable

#: A saved search (``search.matching.saved``) → the address at which it can be followed.
Address = Callable[[str], str]

_address: list[Address] = []


def offer(address: Address) -> None:
    """Called once by the room that keeps subscriptions, in ``AppConfig.ready()``."""
    _address[:] = [address]


def address(stored: str) -> str:
    """Where this search can be followed; "" where nobody offers it, or it can't be saved."""
    return _address[0](stored) if _address and stored else ""
