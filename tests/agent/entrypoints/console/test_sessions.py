"""What a session remembers of a rep."""

from __future__ import annotations

from agent.entrypoints.console.sessions import Sessions
from agent.turns import Rep
from tests.agent.entrypoints.console.browsing import KEY


def test_a_session_keeps_the_role_and_one_of_an_older_version_is_a_rep_s() -> None:
    """What the issuer has vouched for goes with each question of the console."""
    sessions = Sessions(KEY, seconds=60)
    lead = sessions.read(sessions.open(Rep(rep_id="kim", name="Kim", role="lead")))
    claims = {"sub": "sam", "name": "Sam", "sid": "s"}
    older = sessions.read(sessions.seal(claims, purpose="session", seconds=60))
    assert lead is not None
    assert older is not None
    assert (lead.rep.role, older.rep.role) == ("lead", "rep")
