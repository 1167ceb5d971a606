"""Settings: database."""

from dataclasses import dataclass

from config.values import INSTANCE, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Database:
    """The main database."""

    SQLALCHEMY_DATABASE_URI: str = setting(
        f"sqlite:///{INSTANCE / 'fisher.db'}", "main database: sqlite:/// or mysql+pymysql://"
    )
    DATABASE_BUSY_TIMEOUT: int = setting(10, "wait for what another connection has locked", "seconds")
    DATABASE_REPLICA_URLS: tuple[str, ...] = setting(
        (), "replicas of a MariaDB/MySQL, from which pages for visitors are read", secret=True, optional=True
    )
    DATABASE_REPLICA_LAG: int = setting(
        10, "a replica that may be further behind is left out, and changes are read from the primary as long", "seconds"
    )
    DATABASE_POOL_SIZE: int = setting(10, "connections kept open to MariaDB/MySQL", "connections")
