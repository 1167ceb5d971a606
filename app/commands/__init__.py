"""The `flask …` commands: each parses its arguments, calls one service and prints."""

from flask import Flask

from app.commands.areas import areas
from app.commands.backup import backup
from app.commands.books_shelve import books
from app.commands.circle import circle
from app.commands.demo import demo
from app.commands.doctor import doctor
from app.commands.economy import economy
from app.commands.exchange import beans, deadlines, privacy
from app.commands.jobs import jobs
from app.commands.places import places
from app.commands.reports import reports
from app.commands.search import search
from app.commands.settings import settings
from app.commands.user import user
from app.commands.works import works


def init_app(app: Flask) -> None:
    """Register the command groups."""
    app.cli.add_command(areas)
    app.cli.add_command(backup)
    app.cli.add_command(beans)
    app.cli.add_command(books)
    app.cli.add_command(circle)
    app.cli.add_command(deadlines)
    app.cli.add_command(demo)
    app.cli.add_command(doctor)
    app.cli.add_command(economy)
    app.cli.add_command(jobs)
    app.cli.add_command(places)
    app.cli.add_command(privacy)
    app.cli.add_command(reports)
    app.cli.add_command(search)
    app.cli.add_command(settings)
    app.cli.add_command(user)
    app.cli.add_command(works)
