"""The one blueprint `web`, split over view modules."""

from flask import Blueprint

web = Blueprint("web", __name__)
