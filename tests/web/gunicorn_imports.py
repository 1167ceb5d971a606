"""What the servers of tests import before they start their workers, each of which creates an application of its own."""

from importlib import import_module
from pkgutil import walk_packages

from app import web

for _module in walk_packages(web.__path__, "app.web."):
    import_module(_module.name)
