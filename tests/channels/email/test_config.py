from __future__ import annotations

from pathlib import Path

import pytest

from standfast.channels.contract import ConfigError
from standfast.channels.email.config import EmailConfig

SENDER = "Nordlys <status@nordlys.example>"


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail.example", "mail.example", 25, "none"),
        ("smtp://mail.example?tls=starttls", "mail.example", 587, "starttls"),
        ("smtp://mail.example?tls=tls", "mail.example", 465, "tls"),
        ("smtp://mail.example:2525?tls=none", "mail.example", 2525, "none"),
        ("smtp://[::1]:25", "::1", 25, "none"),
    ],
)
def test_a_server_is_read(url: str, host: str, port: int, tls: str) -> None:
    config = EmailConfig.parse({"url": url, "sender": SENDER})

    assert (config.host, config.port, config.tls) == (host, port, tls)
    assert config.folder is None


def test_a_password_is_decoded_and_never_shown() -> None:
    config = EmailConfig.parse({"url": "smtp://us%40er:p%3Aw%2F@mail.example", "sender": SENDER})

    assert (config.username, config.password) == ("us@er", "p:w/")
    assert config.secrets == ("p:w/",)
    assert "p:w/" not in repr(config)


def test_a_folder_takes_mails_for_trying_out() -> None:
    assert EmailConfig.parse({"url": "folder:a/b", "sender": SENDER}).folder == Path("a/b")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "folder:",
        "mail.example",
        "http://x",
        "smtp://",
        "smtp://h:p9:x@h:99999",
        "smtp://h?tls=ssl",
    ],
)
def test_an_address_of_no_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError, match="Write smtp://") as error:
        EmailConfig.parse({"url": url, "sender": SENDER})

    assert error.value.field == "url"
    assert "p9" not in error.value.message
