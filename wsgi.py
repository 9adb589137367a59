"""Where a server finds the app: `gunicorn wsgi:app`, `flask --app wsgi ...`."""

from app import create_app

app = create_app()
