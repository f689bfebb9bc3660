"""How a page travels: without spare space, and as small as the reader's browser can unpack."""

import re

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from portal.middleware import ADMIN, GetResponse

#: Between the smallest and the quickest: a page of 100 kB takes a millisecond.
QUALITY = 6
#: An answer shorter than this fits into one packet anyway, as Django's own compression has it.
SHORT = 200
#: What keeps its spaces, and between elements the indentation of a template.
_SPARE = re.compile(
    r"(<(?P<kept>pre|textarea|script|style)\b.*?</(?P=kept)>)|>\s*\n\s*<", re.DOTALL
)
_BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


def squeezed(html: str) -> str:
    """A page without the blank lines and the indentation that templates leave between elements.

    One line break stays where some stood, so that words that were apart stay apart.
    """
    return _SPARE.sub(lambda found: found[1] or ">\n<", html)


class Squeeze:
    """Sends readers' pages without the space that only those who write templates look at."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            not response.streaming
            and response.get("Content-Type", "").startswith("text/html")
            and not response.has_header("Content-Encoding")
            and not request.path_info.startswith(ADMIN)
        ):
            response.content = squeezed(response.content.decode(response.charset)).encode(
                response.charset
            )
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response


class Compress(GZipMiddleware):
    """Brotli where the browser unpacks it, which makes a page a tenth lighter; else gzip."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if (
            not isinstance(response, HttpResponse)
            or len(response.content) < SHORT
            or response.has_header("Content-Encoding")
            or not _BROTLI.search(request.headers.get("Accept-Encoding", ""))
        ):
            return super().process_response(request, response)
        patch_vary_headers(response, ["Accept-Encoding"])
        smaller = brotli.compress(response.content, quality=QUALITY)
        if len(smaller) < len(response.content):
            response.content = smaller
            response["Content-Length"] = str(len(smaller))
            response["Content-Encoding"] = "br"
            tag = response.get("ETag", "")
            if tag.startswith('"'):
                response["ETag"] = f"W/{tag}"
        return response
