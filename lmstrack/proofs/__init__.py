"""What holds in a workflow however a case goes: its claims, tried against every situation that entries can lead to."""

from lmstrack.proofs.boundaries import Boundary, boundaries
from lmstrack.proofs.claims import Proof, proved
from lmstrack.proofs.reading import Checked, checked

__all__ = ["Boundary", "Checked", "Proof", "boundaries", "checked", "proved"]
