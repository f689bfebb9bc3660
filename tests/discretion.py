"""No line of any log holds an e-mail address: each record of the run is read as it is made."""

import logging
import re
import traceback
from typing import Any

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: The other side of a conversation: the tests' own mail server, and statements, which are logged in
#: development only.
OTHERS = ("mail.", "django.db", "asyncio")


class Listener:
    """Reads every record of every logger, whatever its handlers, and keeps what says too much."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.lines = 0
        self.make: Any = None

    def start(self) -> None:
        self.make = logging.getLogRecordFactory()
        logging.setLogRecordFactory(self.record)

    def stop(self) -> None:
        logging.setLogRecordFactory(self.make)

    def record(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        made: logging.LogRecord = self.make(*args, **kwargs)
        if not made.name.startswith(OTHERS):
            self.lines += 1
            line = made.getMessage()
            if made.exc_info and made.exc_info[1] is not None:
                line += "".join(traceback.format_exception(made.exc_info[1]))
            if ADDRESS.search(line):
                self.found.append(f"{made.name}: {line}")
        return made

    def take(self) -> list[str]:
        """What was found since the last time."""
        found, self.found = self.found, []
        return found


listener = Listener()
