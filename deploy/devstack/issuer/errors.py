"""What the issuer answers where it does not do what was asked."""


class OAuthError(Exception):
    """An error answer of RFC 6749 §5.2."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error = status, error


class Shown(Exception):
    """What is told to the person in front of the browser, for there is no address that it may go to."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word
