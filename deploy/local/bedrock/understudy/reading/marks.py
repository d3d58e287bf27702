"""A marked word: what a reading is made of."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.local.bedrock.understudy.reading.tokens import Token


@dataclass(frozen=True, slots=True)
class Mark:
    """A token with the words it stands for: mended and written out, or a placeholder.

    ``doubtful`` is a common word that stands where a thing may be named, in lower case;
    ``loose`` an unknown one in lower case where nothing says that a name stands there.
    """

    token: Token
    words: str
    known: bool
    doubtful: bool = False
    loose: bool = False

    @property
    def kind(self) -> str:
        """The shape of the token."""
        return self.token.kind
