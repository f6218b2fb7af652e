"""Where cases are kept: people, their logs, and the caches of lists, in SQLite or PostgreSQL.

The only part of the program that knows a database. It decides nothing: it is handed events, heads and rows.
"""

from lmstrack.store.backup import Backup, restore
from lmstrack.store.opening import open_store
from lmstrack.store.store import Snapshot, Store
from lmstrack.store.tally import Tally
from lmstrack.store.writing import Writer

__all__ = ["Backup", "Snapshot", "Store", "Tally", "Writer", "open_store", "restore"]
