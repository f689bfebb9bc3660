"""One way to write a snapshot down, so that its fingerprint can be worked out again by anyone.

Pure. JSON in UTF-8, keys sorted, no space between marks, letters as they are (not ``\\u00e9``).
"""

import hashlib
import json
from typing import Any

#: Letters of a fingerprint that stand together when it is printed.
GROUP = 4


def dumps(snapshot: Any) -> str:
    """The snapshot as text: the same content gives the same text, on every machine."""
    return json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(content: str | bytes) -> str:
    """SHA-256, hexadecimal."""
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def grouped(fingerprint: str) -> str:
    """A fingerprint as it is printed: in groups of four, to be compared by eye."""
    parts = (fingerprint[at : at + GROUP] for at in range(0, len(fingerprint), GROUP))
    return " ".join(parts)


def seal(parts: dict[str, str]) -> str:
    """One fingerprint of several: name → fingerprint of everything that an edition consists of."""
    return sha256("".join(f"{name} {parts[name]}\n" for name in sorted(parts)))
