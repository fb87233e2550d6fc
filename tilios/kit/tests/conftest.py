"""A machine that is busy makes no test fail: properties have no deadline."""

from hypothesis import settings

settings.register_profile("tilios", deadline=None)
settings.load_profile("tilios")
