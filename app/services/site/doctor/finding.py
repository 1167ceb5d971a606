"""What is found about one thing that a site needs. No finding contains a secret."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How something is; only `ILL` needs to be mended before the site works as it should."""

    WELL = "ok"
    ODD = "warn"
    ILL = "FAIL"
    UNUSED = "-"


@dataclass(frozen=True)
class Finding:
    """What was found about one thing."""

    subject: str
    health: Health
    said: str


Told = tuple[Health, str]
