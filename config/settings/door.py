"""Settings: door."""

from dataclasses import dataclass

from config.values import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Doors:
    """Who can register."""

    DOOR: str = setting("open", "who can register: open (all), invite (by invitation), approval (a moderator lets in)")
    INVITATIONS: int = setting(3, "open invitations of one reader; 0: only operators invite", "invitations")
    INVITATION_USES: int = setting(5, "people whom one invitation of a reader can bring", "people")
    INVITATION_DAYS: int = setting(14, "an invitation of a reader works", "days")
    FORM_SECONDS: int = setting(3, "a form for strangers sent sooner is shown again; 0: none is", "seconds")
    PROOF_BITS: int = setting(
        16, "work of a browser before a stranger's form is taken; doubled by each bit and while many register; 0: none",
        "bits",
    )  # fmt: skip
    QUESTION: str = setting("", "asked of who has no scripts; without one, they wait for at least 20 seconds")
    ANSWERS: tuple[str, ...] = setting((), "answers to it; width, case and traditional characters do not matter")
    WAITING_DAYS: int = setting(3, "moderators are reminded by mail of who waits longer to be let in", "days")
