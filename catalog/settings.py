"""Every environment variable the product reads, in one frozen value; nobody else reads them."""

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from catalog import dsn


def _database_url(url: str | None) -> str | None:
    if url is not None:
        dsn.parse(url)
    return url


def _redis_url(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise ValueError("is not an address such as redis://:password@host:6379/0")
    if not re.fullmatch(r"/?\d*", parts.path) or parts.port == 0:
        raise ValueError("ends in the number of a database, such as /0")
    return url


def language_tag(tag: str) -> str:
    """The tag, if it is one; as a validator raises where it is not."""
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError("is not a language tag of BCP 47, such as en or de-AT") from None
    return tag


def _shop_url(url: str | None) -> str | None:
    if url is not None and not url.startswith(("https://", "http://")):
        raise ValueError("is not an address such as https://shop.example")
    return url.rstrip("/") if url else None


def _lower(word: object) -> object:
    return word.lower() if isinstance(word, str) else word


# Variables whose values are never shown as they are.
SECRET = frozenset({"database_url", "redis_url"})


class Settings(BaseSettings):
    """One field a variable, named as the variable is, in lower case."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: Annotated[str | None, AfterValidator(_database_url)] = Field(
        default=None,
        description="PostgreSQL 15 to 18, as libpq writes it; unset: an embedded server",
    )
    redis_url: Annotated[str | None, AfterValidator(_redis_url)] = Field(
        default=None,
        description="Redis that the processes share, redis:// or rediss://; unset: memory alone",
    )
    redis_verify: bool = Field(
        default=False,
        description="whether the certificate of rediss:// must be one that the machine trusts",
    )
    catalog_data_dir: Path = Field(
        default=Path(".data"), description="where the embedded server keeps its files"
    )
    catalog_env: Literal["development", "production"] = Field(
        default="production", description="development opens GraphiQL, introspection and GET"
    )
    graphql_introspection: bool | None = Field(
        default=None, description="introspection and GraphiQL; unset: in development only"
    )
    graphql_trusted_documents: Literal["off", "enforce"] = Field(
        default="off", description="enforce runs only what `catalog documents add` has stored"
    )
    catalog_locale: Annotated[str, AfterValidator(language_tag)] = Field(
        default="en", description="language of the rows themselves"
    )
    catalog_shop_url: Annotated[str | None, AfterValidator(_shop_url)] = Field(
        default=None, description="address of the shop, for links in feeds and sitemap"
    )
    port: int = Field(default=8000, ge=1, le=65535, description="port to serve on")
    web_concurrency: int = Field(default=1, ge=1, le=64, description="worker processes")
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = (
        Field(default="info", description="least level that is logged")
    )
    cache_memory: int = Field(
        default=64, ge=0, le=65536, description="megabytes of answers kept, a process; 0: none"
    )
    cache_stale_if_error: float = Field(
        default=60.0,
        ge=0,
        description="seconds for which kept answers are given while the database is away",
    )
    cache_max_age: int = Field(
        default=0,
        ge=0,
        description="seconds for which CDNs may give an answer without asking; 0: they ask",
    )
    change_log_days: float = Field(
        default=7.0, gt=0, description="days for which `/v1/changes` goes back"
    )
    database_read_pool: int = Field(
        default=8, ge=1, le=200, description="connections for reading, a process"
    )
    database_write_pool: int = Field(
        default=2, ge=1, le=50, description="connections for writing, a process"
    )
    database_acquire_timeout: float = Field(
        default=1.0, gt=0, description="seconds to wait for a connection"
    )
    database_statement_timeout: float = Field(
        default=5.0, gt=0, description="seconds that a statement may take"
    )
    database_lock_timeout: float = Field(
        default=2.0, gt=0, description="seconds that a statement waits for a lock"
    )

    @property
    def graphql_open(self) -> bool:
        """Whether GraphQL shows itself to strangers."""
        asked = self.graphql_introspection
        return self.catalog_env == "development" if asked is None else asked


class SettingsProblem(Exception):
    """Every variable that is wrong, one a line: its name, its masked value, the fix."""


def load() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        lines = (
            _problem(str(item["loc"][0]), item["input"], item["msg"]) for item in error.errors()
        )
        raise SettingsProblem("\n".join(lines)) from None


@lru_cache(maxsize=1)
def current() -> Settings:
    """The process's own settings, read once."""
    return load()


def pass_on(settings: Settings) -> None:
    """Into the environment of the processes that this one starts."""
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        if value is not None:
            os.environ[name.upper()] = str(value)


def _problem(field: str, value: object, message: str) -> str:
    shown = masked(str(value)) if field in SECRET else str(value)
    return f"{field.upper()}={shown}: {message.removeprefix('Value error, ')}"


def masked(url: str) -> str:
    """An address without its password, also where it is too broken to be taken apart."""
    scheme, separator, rest = url.partition("://")
    if not separator or "@" not in rest:
        return f"{scheme}://…" if separator else "…"
    user = re.match(r"[^:/?#@]*", rest)
    address = re.sub(r"(password=)[^&]*", r"\1…", rest.rpartition("@")[2])
    return f"{scheme}://{user[0] if user else ''}:…@{address}"
