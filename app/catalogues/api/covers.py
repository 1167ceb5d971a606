"""Pictures of books: fetched from listed public hosts, checked, and drawn anew as WebP in two sizes."""

import io
import threading
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from cachetools import TLRUCache
from PIL import Image, ImageOps

from app.catalogues.api.addresses import is_listed
from app.catalogues.api.answers import ensure_ok
from app.catalogues.api.transport import Transport
from app.catalogues.base import AnswerMalformed, CatalogueLimited, CatalogueOutOfOrder
from app.catalogues.throttling import Clock

# Width and height of the box that each size fits in, in pixels.
SIZES = {"small": (240, 360), "large": (600, 900)}
LONGEST_PICTURE = 8_000_000
MOST_PIXELS = 16_000_000
SHORTEST_SIDE = 40
SECONDS = 10.0
FAILED_SECONDS = 300.0
MOST_HOSTS = 20_000
QUALITY = 80

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# The least difference between the darkest and the lightest grey; an empty picture has less.
_LEAST_CONTRAST = 16


class CoverFetcher:
    """Fetches pictures from `hosts`, never from a private or loopback address, redirects included."""

    def __init__(self, agent: str, hosts: Iterable[str]) -> None:
        self._hosts = tuple(hosts)
        self._transport = Transport(agent, self._hosts, public=True)
        self.clock: Clock = time.monotonic
        self._left_alone: TLRUCache[str, float, float] = TLRUCache(
            MOST_HOSTS, lambda _host, seconds, now: now + seconds, lambda: self.clock()
        )
        self._lock = threading.Lock()

    def may_try(self, address: str) -> bool:
        """Return whether this address is on a listed host."""
        return is_listed(address, self._hosts)

    def fetch(self, address: str) -> dict[str, bytes]:
        """Return the picture at this address as WebP, by the names of `SIZES`; raises a `CatalogueError`.

        A host out of order is left alone for some minutes, or for as long as it says.
        """
        host = urlsplit(address).netloc
        with self._lock:
            is_left_alone = host in self._left_alone
        if is_left_alone:
            raise CatalogueOutOfOrder("host of pictures left alone for a while", FAILED_SECONDS)
        try:
            return self._fetch(address)
        except (CatalogueOutOfOrder, CatalogueLimited) as error:
            with self._lock:
                self._left_alone[host] = error.retry_after or FAILED_SECONDS
            raise

    def _fetch(self, address: str) -> dict[str, bytes]:
        if not is_listed(address, self._hosts):
            raise AnswerMalformed("picture on a host that is not listed")
        # Some hosts answer only those who come from nowhere: no Referer is sent.
        answer = self._transport.get(address, SECONDS, headers={"Accept": "image/*"}, longest=LONGEST_PICTURE)
        ensure_ok(answer)
        if not answer.headers.get("Content-Type", "").lower().startswith(("image/", "application/octet-stream")):
            raise AnswerMalformed("not a picture by its content type")
        return draw(answer.body)


def draw(raw: bytes) -> dict[str, bytes]:
    """Return a picture in all sizes; raises `AnswerMalformed` for what is no usable picture of a book."""
    try:
        picture = Image.open(io.BytesIO(raw), formats=_FORMATS)
        _ensure_usable(picture)
        whole = picture.convert("RGBA") if picture.mode == "P" else picture
        # Made small before anything else: every copy of a large picture costs as much memory as a whole process.
        whole.thumbnail((2 * SIZES["large"][0], 2 * SIZES["large"][1]))
        upright = ImageOps.exif_transpose(whole).convert("RGBA")
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright)
    except AnswerMalformed:
        raise
    except Exception:  # noqa: BLE001  (a broken picture can make its reader stumble anywhere)
        raise AnswerMalformed("not a picture that can be read") from None
    greys = [grey for grey, count in enumerate(paper.convert("L").histogram()) if count]
    if max(greys) - min(greys) < _LEAST_CONTRAST:
        raise AnswerMalformed("an empty picture")
    return {name: _encode(paper, box) for name, box in SIZES.items()}


def _ensure_usable(picture: Image.Image) -> None:
    width, height = picture.size
    if min(width, height) < SHORTEST_SIDE:
        raise AnswerMalformed("a picture too small to be a cover")
    if width * height > MOST_PIXELS or max(width, height) > 5 * min(width, height):
        raise AnswerMalformed("a picture too large or too long to be a cover")


def _encode(picture: Image.Image, box: tuple[int, int]) -> bytes:
    sized = picture.copy()
    sized.thumbnail(box)
    file = io.BytesIO()
    sized.save(file, "WEBP", quality=QUALITY, method=4)
    return file.getvalue()
