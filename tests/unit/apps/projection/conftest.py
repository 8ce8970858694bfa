from tests.support.engine_twin import engine

__all__ = ["engine"]
