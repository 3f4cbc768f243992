"""How does the live store lie in PostgreSQL, where several machines share it? The statements are those of SQLite.

dialect.py: what PostgreSQL says otherwise. connection.py: a connection that answers as sqlite3's does. schema.py: the
tables, brought up at start. store.py: the Store over it.
"""
