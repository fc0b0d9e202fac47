"""Where signing in may lead, and the languages that we have."""

import pytest

from services.gateway.sign_in.domain import locale_of, own_path


@pytest.mark.parametrize("to", ["/", "/tickets", "/tickets/42?status=open&sort=-opened_at#clocks", "/工单?q=空调"])
def test_a_path_of_our_own_is_gone_back_to(to: str) -> None:
    assert own_path(to) == to


@pytest.mark.parametrize(
    "to",
    [
        None,
        "",
        "tickets",
        "//evil.example.org",
        "///evil.example.org",
        "/\\evil.example.org",
        "\\/evil.example.org",
        "https://evil.example.org/",
        "javascript:alert(1)",
        "/\t/evil.example.org",
        "/\r\nSet-Cookie: a=b",
        "/\0",
        "/tickets\u2028",
        "/\u202e",
        "/auth/logout",
        "/api/intake/v1/tickets",
        "/" + "a" * 1024,
    ],
)
def test_everything_else_is_home(to: str | None) -> None:
    assert own_path(to) == "/"


@pytest.mark.parametrize(
    ("claim", "locale"),
    [("zh-CN", "zh-CN"), ("zh", "zh-CN"), ("zh_CN", "zh-CN"), ("en-GB", "en"), ("sv", None), (None, None), (7, None)],
)
def test_a_locale_is_one_of_our_languages_or_none(claim: object, locale: str | None) -> None:
    assert locale_of(claim) == locale
