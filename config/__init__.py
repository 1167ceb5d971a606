"""Every setting of Fisher, once: see `config.settings`."""

from config.settings import (
    Development,
    Production,
    Settings,
    Testing,
    load_settings,
)
from config.values import ConfigurationError

__all__ = [
    "ConfigurationError",
    "Development",
    "Production",
    "Settings",
    "Testing",
    "load_settings",
]
