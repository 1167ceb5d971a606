"""The WSGI application: `flask --app fisher run`, `gunicorn fisher:app`."""

from app import create_app

app = create_app()
