"""The WSGI application: `flask --app fisher run`, `gunicorn fisher:app`."""

import sys

from app import create_app
from config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    sys.stderr.write(f"Fisher can not start: {error}\n")
    # gunicorn stops when a worker exits with 3; after any other code it would keep starting new ones.
    sys.exit(3)
