"""Make ``dutch.txt.gz`` anew from OpenTaal's word list, as Debian's package ``wdutch`` brings it.

    python -m search.lexicon.build [/usr/share/dict/dutch]

Kept are lower-case words of 4 to 12 letters, accents folded, sorted. The same list gives the same
bytes.
"""

import gzip
import sys
from pathlib import Path

from search.folding import fold

TARGET = Path(__file__).parent / "dutch.txt.gz"
SHORTEST, LONGEST = 4, 12


def chosen(lines: list[str]) -> list[str]:
    """The words worth keeping of a list, folded, sorted, each once."""
    lower = (line.strip() for line in lines)
    words = {fold(word) for word in lower if word.isalpha() and word.islower()}
    return sorted(w for w in words if w.isascii() and SHORTEST <= len(w) <= LONGEST)


def main(source: str = "/usr/share/dict/dutch") -> int:
    words = chosen(Path(source).read_text(encoding="utf-8").splitlines())
    TARGET.write_bytes(gzip.compress(("\n".join(words) + "\n").encode(), 9, mtime=0))
    sys.stdout.write(f"{len(words)} words, {TARGET.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:2]))
