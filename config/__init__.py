"""Every setting of Fisher, once: see `config.settings`."""

from config.environments import Development, Production, Testing, load_settings
from config.settings import Settings
from config.values import INSTANCE, ConfigurationError

__all__ = [
    "INSTANCE",
    "ConfigurationError",
    "Development",
    "Production",
    "Settings",
    "Testing",
    "load_settings",
]
