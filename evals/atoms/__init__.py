"""What an answer holds that can be wrong: numbers, days, months, ids, e-mails, phones, links."""

from evals.atoms.atom import Atom, Kind
from evals.atoms.grounds import Grounds
from evals.atoms.reading import atoms, numbers_in

__all__ = ["Atom", "Grounds", "Kind", "atoms", "numbers_in"]
