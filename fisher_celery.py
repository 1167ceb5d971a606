"""The Celery application: `celery --app fisher_celery worker`, and `… beat`."""

import fisher
from app.jobs.celery import make_celery

# Celery takes what is called `app` for its own application: the site's must not stand here under that name.
celery = make_celery(fisher.app)
