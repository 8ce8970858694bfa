"""Places a person was seen at: browsers that hold a device text, and networks they signed in from lately."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from apps.notifications.services import send_mail
from apps.users.attempts import Place, network
from apps.users.links import page
from apps.users.models import KnownDevice, Session, User

SEEN_LATELY = timedelta(days=90)
DEVICES_MAX = 50
UNKNOWN_BROWSER = "an unknown program"


def is_known(user_id: int, place: Place) -> bool:
    return bool(known_by(user_id, place))


def known_by(user_id: int, place: Place) -> str:
    """What of this place the person was seen with within 90 days: their browser, else the network, else nothing."""
    since = timezone.now() - SEEN_LATELY
    if (
        place.device
        and KnownDevice.objects.filter(user_id=user_id, token_hash=_hash(place.device), last_used_at__gt=since).exists()
    ):
        return f"device:{_hash(place.device)}"
    seen = Session.objects.filter(user_id=user_id, created_at__gt=since).exclude(address=None)
    here = network(place.address)
    if not here:
        return ""
    if ":" not in here:
        was_here = seen.filter(Q(address=here) | Q(address=f"::ffff:{here}")).exists()
    else:
        addresses = seen.order_by("-created_at").values_list("address", flat=True)[:500]
        was_here = any(network(address) == here for address in addresses)
    return f"network:{here}" if was_here else ""


def remember(user_id: int, place: Place) -> str:
    """The device text the browser shall keep: the one it showed if it is the person's, otherwise a new one."""
    now = timezone.now()
    if place.device and KnownDevice.objects.filter(user_id=user_id, token_hash=_hash(place.device)).update(
        last_used_at=now
    ):
        return place.device
    text = secrets.token_urlsafe(32)
    KnownDevice.objects.create(user_id=user_id, token_hash=_hash(text), user_agent=place.user_agent[:200])
    old = KnownDevice.objects.filter(user_id=user_id).order_by("-last_used_at").values_list("id", flat=True)
    KnownDevice.objects.filter(id__in=list(old[DEVICES_MAX:])).delete()
    return text


def forget_devices(user_id: int) -> None:
    """No browser is known any more."""
    KnownDevice.objects.filter(user_id=user_id).delete()


def tell_of_new_place(user: User, place: Place) -> None:
    """Mail the person that somebody signed in as them from where they had not been."""
    send_mail(
        user.email,
        "new_sign_in",
        {
            "device": device_name(place.user_agent),
            "address": place.address,
            "time": shown_time(),
            "link": page("security"),
        },
    )


def device_name(user_agent: str) -> str:
    """A few words for people: `Chrome on Linux`."""
    browsers = (
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    )  # fmt: skip
    browser = next((name for mark, name in browsers if mark in user_agent), "")
    system = next((name for mark, name in systems if mark in user_agent), "")
    if browser:
        return f"{browser} on {system}" if system else browser
    product = user_agent.partition("/")[0].strip()[:40]
    return product if product.isascii() and product.replace("-", "").replace(" ", "").isalnum() else UNKNOWN_BROWSER


def shown_time() -> str:
    return timezone.now().strftime("%Y-%m-%d %H:%M UTC")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
