"""What tests of identity share."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.users import services
from apps.users.attempts import Place
from apps.users.types import TokenIdentity, TokenPair, UserRef
from tests.support.mailbox import Committed
from tests.support.people import PASSWORD

HOME = Place(address="192.0.2.7", user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0")
AWAY = Place(address="198.51.100.9", user_agent="curl/8.0")


@pytest.fixture
def committed(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Committed:
    return Committed(django_capture_on_commit_callbacks)


@pytest.fixture
def person(db: None) -> UserRef:
    return services.register_user(email="alice@example.com", password=PASSWORD)


@pytest.fixture
def at_home(person: UserRef) -> TokenIdentity:
    """alice, signed in at home: a place we know from now on."""
    pair = services.log_in(email=person.email, password=PASSWORD, address=HOME.address, user_agent=HOME.user_agent)
    assert isinstance(pair, TokenPair)
    identity = services.authenticate_token(pair.access)
    assert identity is not None
    return identity
