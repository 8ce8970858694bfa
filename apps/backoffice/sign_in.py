"""Staff's door to the back office: password, tries counted as at every door, and a second factor (code or passkey).

While strangers guess hard at somebody, from everywhere, strangers wait; the person comes in from where their own page has
seen them, and signs in there first from a new place.

A second factor is asked for from whoever has one; with ADMIN_SECOND_FACTOR nobody comes in without.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.forms import AuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.common.errors import DomainError
from apps.users import devices, passkeys
from apps.users.attempts import STRANGERS_WINDOW_S, Place, Tries
from apps.users.errors import TooManyAttempts
from apps.users.factors import check_code, methods_of
from apps.users.one_time import TOKEN_CHARS_MAX
from apps.users.selectors import get_user_by_email

FACTOR_KEY = "second_factor_of"
_CODE_DIGITS = 6


class SignInForm(AuthenticationForm):  # type: ignore[misc]
    code = forms.CharField(
        label="Code of your authenticator, or a backup code",
        required=False,
        max_length=32,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )

    ceremony = forms.CharField(required=False, max_length=TOKEN_CHARS_MAX, widget=forms.HiddenInput)
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        email = str(self.cleaned_data.get("username", "")).strip().lower()
        place = _place(self.request)
        person = get_user_by_email(email)
        tries = Tries("admin", email, place, known=devices.known_by(person.id if person else 0, place))
        try:
            tries.begin()
            if tries.is_pressed:
                raise TooManyAttempts(retry_after_s=STRANGERS_WINDOW_S)
            try:
                cleaned: dict[str, Any] = super().clean()
                self._check_second_factor()
            except (ValidationError, DomainError):
                tries.fail()
                raise
            tries.succeed()
        except DomainError as error:
            raise ValidationError(error.message) from None
        return cleaned

    def _check_second_factor(self) -> None:
        person = self.get_user()
        if person is None:
            return
        methods = methods_of(person.pk)
        if not methods:
            if settings.ADMIN_SECOND_FACTOR:
                raise ValidationError(
                    "Set up an authenticator or a passkey on your own page first: staff show one here."
                )
            return
        if self.cleaned_data.get("ceremony"):
            self._check_passkey(person.pk)
            return
        code = str(self.cleaned_data.get("code", "")).strip()
        method = "totp" if len(code.replace(" ", "")) == _CODE_DIGITS else "backup_code"
        if not (code and check_code(person.pk, method, code, place=_place(self.request))):
            raise ValidationError("The code is missing, wrong or used up.")

    def _check_passkey(self, user_id: int) -> None:
        """The person's own, asked for by this page's name. Raises DomainError, which counts as a failed try."""
        credential = self.cleaned_data.get("credential")
        passkeys.prove(
            user_id=user_id,
            party=passkeys.party_of(self.request.get_host()),
            ceremony=self.cleaned_data["ceremony"],
            credential=credential if isinstance(credential, dict) else {},
            place=_place(self.request),
        )


def remember_factor(session: SessionBase, user_id: int) -> None:
    """This session has shown what was asked for."""
    session[FACTOR_KEY] = user_id


def has_shown_factor(request: HttpRequest) -> bool:
    """Whether the session may be in the back office: a second factor was shown where one is asked for."""
    if not settings.ADMIN_SECOND_FACTOR:
        return True
    return bool(request.session.get(FACTOR_KEY) == request.user.pk)


def _place(request: HttpRequest) -> Place:
    return Place(address=request.META.get("REMOTE_ADDR"), user_agent=request.META.get("HTTP_USER_AGENT", ""))
