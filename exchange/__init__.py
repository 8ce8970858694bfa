"""The composition root. Importing it makes the Celery app, so that tasks bind to it everywhere."""

from exchange.celery_app import app as celery_app

__all__ = ["celery_app"]
