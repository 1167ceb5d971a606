"""What a page says after a step that can be undone."""

from flask import flash, url_for


def flash_with_undo(sentence: str, drift_id: int) -> None:
    """Show a sentence on the next page, with a button that takes the last step of a drift back."""
    flash([sentence, url_for("web.undo_drift", did=drift_id)], "undo")  # type: ignore[arg-type]  # read by the macro
