"""Where a server finds the app: `gunicorn wsgi:app`, `flask --app wsgi ...`."""

import gc
import sys

# What is made while the app comes up stays: to look again and again for what may go takes a quarter of that time.
gc.disable()

from app import create_app  # noqa: E402

# A thread whose rows have come waits for its turn in Python, while it may hold a lock that all others wait for:
# not the usual 5 ms, then. Sixteen at once lend half as many things again.
sys.setswitchinterval(0.0005)

app = create_app()

gc.freeze()
gc.enable()
