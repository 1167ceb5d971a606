"""The desk's page about books that are not as described."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.models.base import now
from app.services.trust import complaint as service
from app.web.blueprint import web
from app.web.page.desk import for_the_desk


@web.get("/desk/complaints")
@for_the_desk
def desk_complaints() -> ResponseReturnValue:
    """List the complaints to which givers disagree, the oldest first."""
    return render_template("moderation/desk_complaints.html", lines=service.list_complaints_for_desk(now()))
