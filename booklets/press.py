"""Sets booklets in pages and reads PDF files: a process for each, which gives its memory back.

Three hundred sheets take some hundred megabytes while they are set; a worker that did so itself
would keep them. This file therefore knows neither Django nor the database: a job comes in, and a
PDF or what was found in one goes out.
"""

import base64
import gc
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: Seconds after which a job is given up; three hundred sheets take half a minute.
PATIENCE = 900


class PressError(Exception):
    """The process ended without a file; the message is for the log."""


def set_pages(**job: Any) -> bytes:
    """The PDF of ``html`` in ``style``; ``pictures``: name → base64, ``fonts``: addresses."""
    return _run("set", json.dumps(job).encode())


def look(content: bytes) -> dict[str, Any]:
    """What another reader finds in a PDF file, see ``_found``."""
    found: dict[str, Any] = json.loads(_run("look", content))
    return found


def _run(job: str, given: bytes) -> bytes:
    command = [sys.executable, "-m", "booklets.press", job]
    try:
        done = subprocess.run(  # noqa: S603 (our own program, nothing of a reader's in it)
            command, input=given, capture_output=True, check=False, cwd=ROOT, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise PressError(f"Not done after {PATIENCE} seconds.") from error
    if done.returncode or not done.stdout:
        raise PressError(f"Ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return done.stdout


def main() -> None:
    # A short life of many small objects, all of them needed: to look for waste costs an eighth.
    gc.set_threshold(200_000, 20, 20)
    given = sys.stdin.buffer.read()
    if sys.argv[1] == "set":
        sys.stdout.buffer.write(_pdf(**json.loads(given)))
    else:
        sys.stdout.buffer.write(json.dumps(_found(given)).encode())


def _pdf(html: str, style: str, pictures: dict[str, str], fonts: list[str]) -> bytes:
    """Nothing is fetched but these fonts and pictures."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    from booklets import tagging

    tagging.mark_languages()

    class Fetcher(URLFetcher):
        """Gives what the edition and this site have themselves, and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix("edition:")
            if url != name and name in pictures:
                content = base64.b64decode(pictures[name])
                return URLFetcherResponse(url, content, {"Content-Type": "image/jpeg"})
            if url.startswith("data:") or url in fonts:
                return super().fetch(url, headers)
            raise ValueError(f"A booklet fetches nothing: {url[:80]}")

    class Lean(weasyprint.HTML):
        """Without the styles of footnotes, of which six for each element take a third of all."""

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            path = Path(weasyprint.__file__).parent / "css/html5_ua.css"
            lines = path.read_text("utf-8").splitlines()
            kept = [line for line in lines if not line.startswith(("::footnote-", "::note-"))]
            text = "\n".join(kept).replace("\n::marker {", "\nli::marker {")
            return [weasyprint.CSS(string=text)]

    fetcher, faces = Fetcher(), FontConfiguration()
    sheet = weasyprint.CSS(string=style, url_fetcher=fetcher, font_config=faces)
    content = Lean(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=[sheet], font_config=faces, pdf_variant="pdf/ua-1", pdf_tags=True
    )
    return bytes(content or b"")


def _found(content: bytes) -> dict[str, Any]:
    """Pages, bookmarks, language, title, whether it is tagged, and the languages of its tags."""
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(content), strict=True)
    root: Any = reader.trailer["/Root"]
    about: Any = reader.metadata or {}
    tags = root.get("/StructTreeRoot")
    return {
        "pages": len(reader.pages),
        "bookmarks": _count(reader.outline),
        "language": root.get("/Lang"),
        "title": about.get("/Title"),
        "tagged": tags is not None,
        "languages": sorted(_languages(tags)) if tags is not None else [],
    }


def _count(outline: Any) -> int:
    return sum(_count(each) if isinstance(each, list) else 1 for each in outline)


def _languages(root: Any) -> set[str]:
    """The languages that structure elements are marked with."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if id(node) in seen:
                continue
            seen.add(id(node))
            if "/Lang" in node:
                found.add(str(node["/Lang"]))
            if "/K" in node:
                waiting.append(node["/K"])
    return found


if __name__ == "__main__":
    main()
