"""The floor: a Flask application that does nothing."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
@app.get("/healthz")
def hello() -> str:
    """Say hello."""
    return "hello"
