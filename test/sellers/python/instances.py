"""What this seller has sold, in SQLite: one row an order line, found again whatever is repeated, at the same moment too."""

import secrets
import sqlite3
import threading
from contextlib import contextmanager

SCHEMA = """
create table if not exists instance (
  instance_id text primary key,
  order_id text not null,
  order_line_id text not null,
  ready integer not null default 0,
  frozen_at integer,                 -- ms; null while it may be used
  released integer not null default 0,
  charging_mode text,
  sku text,
  product text,
  quantity integer,
  expires integer,                   -- ms; null: never, or not known
  password text,
  unique (order_id, order_line_id)
);
create table if not exists done (     -- renewals and upgrades that were carried out: a repeat changes nothing
  instance_id text not null, order_id text not null, order_line_id text not null, scene text not null,
  primary key (instance_id, order_id, order_line_id, scene)
);
"""


class Instances:
    def __init__(self, path):
        self.lock = threading.Lock()
        self.database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.database.row_factory = sqlite3.Row
        self.database.executescript(SCHEMA)

    @contextmanager
    def transaction(self):
        """One at a time; nothing slow inside."""
        with self.lock:
            self.database.execute("begin immediate")
            try:
                yield self.database
            except BaseException:
                self.database.execute("rollback")
                raise
            self.database.execute("commit")

    def sold(self, order_id, line_id):
        """The row of an order line, made by whoever is first."""
        with self.transaction() as database:
            database.execute(
                "insert into instance (instance_id, order_id, order_line_id) values (?, ?, ?) on conflict (order_id, order_line_id) do nothing",
                (secrets.token_hex(16), order_id, line_id),
            )
            return database.execute("select * from instance where order_id = ? and order_line_id = ?", (order_id, line_id)).fetchone()

    def find(self, instance_id):
        with self.lock:
            return self.database.execute("select * from instance where instance_id = ?", (instance_id,)).fetchone()

    def unfinished(self):
        with self.lock:
            return self.database.execute("select * from instance where ready = 0 and released = 0").fetchall()

    def change(self, instance_id, **columns):
        with self.transaction() as database:
            database.execute(f"update instance set {', '.join(f'{name} = ?' for name in columns)} where instance_id = ?", (*columns.values(), instance_id))

    def was_done(self, key):
        with self.lock:
            return self.database.execute("select 1 from done where instance_id = ? and order_id = ? and order_line_id = ? and scene = ?", key).fetchone() is not None

    def do_once(self, key, **columns):
        """Changes the row and notes the key, both or neither. Of two copies at the same moment the second does nothing."""
        with self.transaction() as database:
            if database.execute("insert into done values (?, ?, ?, ?) on conflict do nothing", key).rowcount == 1 and columns:
                database.execute(f"update instance set {', '.join(f'{name} = ?' for name in columns)} where instance_id = ?", (*columns.values(), key[0]))
