"""Files that one container reads and nobody else: made once, mode 0600, owned by that container's user.

Each container sees one folder. A file is replaced and never changed in place, so a container that has the folder
mounted sees the new one, and a service needs no restart.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from deploy.devstack.environment import write_private

SERVICE, POSTGRES, KAFKA, KEYCLOAK = 10001, 999, 1000, 1000
"""The users of our images and of the official ones."""


@dataclass(frozen=True)
class Reader:
    """A container's folder of secrets."""

    folder: Path
    user: int

    def password(self, name: str, value: str = "") -> str:
        """The password of that name: the one that is there, else the one given, else a random one."""
        path = self.folder / name
        if not path.exists():
            self.write(name, value or secrets.token_urlsafe(24))
        return path.read_text()

    def write(self, name: str, text: str) -> None:
        """Replace a file, if it says something else: whoever watches it sees a change only where there is one."""
        if (self.folder / name).exists() and (self.folder / name).read_text() == text:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(self.folder, self.user, self.user)
        write_private(self.folder / name, text)
        os.chown(self.folder / name, self.user, self.user)
