"""QR codes, drawn here, of squares."""

import segno
from markupsafe import Markup


def draw_qr(link: str) -> Markup:
    """Return a link as a QR code in SVG."""
    code = segno.make(link, error="m", micro=False)
    drawing = code.svg_inline(border=2, light="#fff", svgclass="qr", omitsize=True)
    return Markup(drawing)  # noqa: S704  (drawn here, of squares)
