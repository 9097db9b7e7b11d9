"""What Granian serves in these tests: the application, less patient where the environment says."""

import os

from fastapi import FastAPI

from catalog.app import from_environment
from catalog.rest import bodies


def app() -> FastAPI:
    bodies.IDLE = float(os.environ.get("TEST_IDLE", bodies.IDLE))
    bodies.TOTAL = float(os.environ.get("TEST_TOTAL", bodies.TOTAL))
    return from_environment()
