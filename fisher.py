"""The WSGI application: `flask --app fisher run`, `gunicorn fisher:app`."""

import sys

from app import create_app
from config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    sys.stderr.write(f"Fisher can not start: {error}\n")
    # gunicorn ends with a worker that ends with 3; after any other number it would start the next one for ever.
    sys.exit(3)
