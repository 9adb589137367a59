"""How fast the house is, beside a plain Flask + SQLAlchemy app on the same server and database: `make bench-quick`."""
