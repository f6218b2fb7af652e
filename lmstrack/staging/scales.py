"""The scales of one release, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lmstrack.staging.figo import Figo
    from lmstrack.staging.fnclcc import Fnclcc
    from lmstrack.staging.soft_tissue import SoftTissue


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scales:
    """What the calculators look up in. It never changes, so it is itself only."""

    fnclcc: Fnclcc
    soft_tissue: SoftTissue
    figo: Figo
