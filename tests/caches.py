"""Work that is the same for every application of a test process, done once.

Each test creates an application of its own, which would compile the same templates, statements and URLs again. What is
shared here depends on no setting and holds no rows.
"""

from functools import cache
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from werkzeug.routing import Rule
from whitenoise import WhiteNoise

import app


def share() -> None:
    """Share it among the applications that are created from now on."""
    Flask.jinja_options = Flask.jinja_options | {"bytecode_cache": _CompiledTemplates()}
    app.ensure_fts5 = cache(app.ensure_fts5)  # type: ignore[attr-defined]
    _share_urls()
    _share_static_files()
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
    compile_rule, compiled = Rule.compile, {}

    def compile_once(rule: Rule) -> None:
        map = rule.map
        assert map is not None
        words = rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults), map.host_matching
        key = words, tuple(map.converters.items())
        if key not in compiled:
            before = set(rule.arguments)
            compile_rule(rule)
            builders = rule._build.__func__, rule._build_unknown.__func__  # type: ignore[attr-defined]
            compiled[key] = rule._parts, rule._trace, rule._converters, rule.arguments - before, builders
        rule._parts, rule._trace, rule._converters, arguments, builders = compiled[key]
        rule.arguments = rule.arguments | arguments
        rule._build, rule._build_unknown = (function.__get__(rule, None) for function in builders)

    Rule.compile = compile_once  # type: ignore[method-assign]


def _share_static_files() -> None:
    get_static_file, known = WhiteNoise.get_static_file, {}

    def get_once(self: WhiteNoise, path: str, url: str, **_stats: Any) -> Any:
        # Tests that write such files do so in folders of their own.
        if (path, url) not in known:
            known[path, url] = get_static_file(self, path, url)
        return known[path, url]

    WhiteNoise.get_static_file = get_once


def _share_statements() -> None:
    """Share those of one engine; of MariaDB those of one database, whose name its dialect knows."""
    make_engine, firsts = SQLAlchemy._make_engine, {}

    def make_with_shared_cache(self: SQLAlchemy, *arguments: Any) -> Engine:
        engine = make_engine(self, *arguments)
        first = firsts.setdefault(engine.name if engine.name == "sqlite" else engine.url, engine)
        if first.dialect.server_version_info:  # known once it has connected
            # The dialect is a part of the keys of the cache.
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    SQLAlchemy._make_engine = make_with_shared_cache  # type: ignore[method-assign]
