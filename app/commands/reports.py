"""`flask reports list`: what readers have reported, for moderators."""

import click

from app.commands.group import SiteGroup
from app.rules.clock import iso_time
from app.services.moderation.report import list_reports

reports = SiteGroup("reports", help="What readers have reported.")
GONE, UNREADABLE = "a reader who has left", "(no key of this site decrypts it)"


@reports.command("list")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
def list_all(limit: int) -> None:
    """Print the newest reports: when, what, why, by whom, about whom, and the words of both."""
    for report in list_reports(limit):
        sides = f"{report.reporter or GONE} about {report.about or GONE}"
        when = iso_time(report.create_time)
        click.echo(f"{report.id}\t{when}\t{report.kind} {report.ref}\t{report.reason}\t{sides}")
        for label, text in (("reported", report.copied), ("says", report.words)):
            for line in (UNREADABLE if text is None else text).splitlines():
                click.echo(f"\t{label}: {line}")
