"""Work that is the same for every application of a test process, done once.

Each test creates an application of its own, which would compile the same templates, statements and URLs again. What is
shared here depends on no setting and holds no rows.
"""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from werkzeug.routing import Rule


def share() -> None:
    """Share it among the applications that are created from now on."""
    Flask.jinja_options = Flask.jinja_options | {"bytecode_cache": _CompiledTemplates()}
    _share_urls()
    _share_statements()


class _CompiledTemplates(BytecodeCache):
    """Compiled templates; one that has been changed has another checksum."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


def _share_urls() -> None:
    compile_builder, builders = Rule._compile_builder, {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Any:
        # The function reads everything else from the rule that it is bound to.
        key = rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]


def _share_statements() -> None:
    """Share those for SQLite only: a dialect of MariaDB knows the name of its database."""
    make_engine, firsts = SQLAlchemy._make_engine, {}

    def make_with_shared_cache(self: SQLAlchemy, *arguments: Any) -> Engine:
        engine = make_engine(self, *arguments)
        first = firsts.setdefault(engine.name, engine)
        if engine.name == "sqlite" and first.dialect.server_version_info:  # known once it has connected
            # The dialect is a part of the keys of the cache.
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    SQLAlchemy._make_engine = make_with_shared_cache  # type: ignore[method-assign]
