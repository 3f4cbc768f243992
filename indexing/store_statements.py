"""What is said to the live store's tables, in SQLite as in PostgreSQL? The longer statements of indexing/store.py."""

from typing import Final

UPSERT: Final = """
INSERT INTO items (tenant, id, seq, kind, item) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (tenant, id) DO UPDATE SET seq = excluded.seq, kind = excluded.kind, item = excluded.item
"""
#: What is blocked (indexing/moderation.py) is told as deleted.
CHANGES: Final = """
SELECT seq, id, CASE WHEN hidden THEN NULL ELSE kind END, CASE WHEN hidden THEN NULL ELSE item END
FROM (SELECT *, EXISTS (SELECT 1 FROM blocked AS b WHERE b.tenant = i.tenant AND b.id = i.id) AS hidden FROM items AS i)
AS told WHERE tenant = ? AND seq > ? ORDER BY seq LIMIT ?"""
ASKED: Final = """
INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, user_id, query)
DO UPDATE SET at = excluded.at, found = excluded.found, gave_way = excluded.gave_way
"""
REMOVED: Final = """
SELECT EXISTS (SELECT 1 FROM items AS i WHERE tenant = ? AND seq > ? AND
(kind IS NULL OR EXISTS (SELECT 1 FROM blocked AS b WHERE b.tenant = i.tenant AND b.id = i.id)))
"""
