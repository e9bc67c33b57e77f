"""A figure of a report, as a file."""

from __future__ import annotations

import base64
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A drawn figure: its name, the PNG, and what it shows for those who cannot see it."""

    name: str
    png: bytes
    caption: str

    @property
    def data_uri(self) -> str:
        """The PNG as an address that holds the picture itself."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")
