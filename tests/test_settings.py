"""The environment, read once: every problem at once, and no password shown."""

import pytest

from catalog import settings
from catalog.settings import SettingsProblem, masked


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of ours is set."""
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_problem_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://u:secret@h/shop")
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("CATALOG_LOCALE", "english please")
    with pytest.raises(SettingsProblem) as problem:
        settings.load()
    lines = str(problem.value).splitlines()
    assert lines[0] == (
        "DATABASE_URL=mysql://u:…@h/shop: must begin with postgres:// or postgresql://"
    )
    assert [line.partition("=")[0] for line in lines[1:]] == ["CATALOG_LOCALE", "PORT"]
    assert "secret" not in str(problem.value)


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("PORT", "0", "greater than or equal to 1"),
        ("WEB_CONCURRENCY", "65", "less than or equal to 64"),
        ("CATALOG_ENV", "staging", "'development' or 'production'"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("DATABASE_ACQUIRE_TIMEOUT", "0", "greater than 0"),
        ("DATABASE_URL", "postgres://u:p@h/shop?sslmode=on", "is not one of disable"),
    ],
)
def test_a_problem_names_the_variable_its_value_and_the_fix(
    name: str, value: str, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsProblem) as problem:
        settings.load()
    assert str(problem.value).startswith(f"{name}={masked(value) if '://' in value else value}: ")
    assert fix in str(problem.value)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("PORT", "")
    assert settings.load() == settings.Settings()


def test_a_level_may_be_written_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    assert settings.load().log_level == "warning"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://u:secret@h:5432/shop", "postgres://u:…@h:5432/shop"),
        ("postgres://u:secr@et@h/shop", "postgres://u:…@h/shop"),
        ("postgres://u:secret#1@h/shop", "postgres://u:…@h/shop"),
        ("postgres://u@h/shop?password=secret", "postgres://u:…@h/shop?password=…"),
        ("postgres://h/shop?password=secret", "postgres://…"),
        ("secret", "…"),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    assert masked(url) == shown
