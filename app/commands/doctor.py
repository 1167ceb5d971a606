"""`flask doctor`: whether a site has all that it needs."""

import sys

import click
from flask.cli import with_appcontext

from app.services.site.doctor.examine import examine_site
from app.services.site.doctor.finding import Health


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Examine the site: a line for each thing that it needs, and what mends it; exits with 1 if one fails."""
    healths = set()
    for finding in examine_site():
        healths.add(finding.health)
        click.echo(f"{finding.health:<5} {finding.subject:<11} {finding.said}")
    sys.exit(1 if Health.ILL in healths else 0)
