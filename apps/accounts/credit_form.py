"""The staff's form "credit account": an amount, an asset and a reason become one Deposit command.

The page carries its own reference, so that sending it twice credits once.
"""

from __future__ import annotations

import re
import secrets

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.accounts.models import TradingAccount
from apps.accounts.services import credit_account
from apps.accounts.types import CreditResult
from apps.assets.selectors import get_assets
from apps.common.errors import DomainError
from matcher.protocol.units import format_scaled, parse_scaled

_REFERENCE = re.compile(r"credit-[0-9a-f]{24}\Z", re.ASCII)


class CreditForm(forms.Form):
    amount = forms.CharField(
        max_length=30,
        help_text="Decimal, for example 250.5",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
    )
    asset = forms.ChoiceField(widget=UnfoldAdminSelectWidget())
    reason = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget())
    reference = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choice = self.fields["asset"]
        assert isinstance(choice, forms.ChoiceField), "declared above"
        choice.choices = [(asset.code, asset.code) for asset in get_assets()]

    def clean_amount(self) -> int:
        """Units of 1e-8."""
        try:
            units = parse_scaled(self.cleaned_data["amount"].strip(), 8)
        except ValueError:
            raise forms.ValidationError("Give a plain decimal number with at most 8 decimals.") from None
        if units <= 0:
            raise forms.ValidationError("The amount must be above zero.")
        return units

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"]
        if not _REFERENCE.match(reference):
            raise forms.ValidationError("Open the form again.")
        return reference


def credit_view(request: HttpRequest, account_id: int, model_admin: ModelAdmin[TradingAccount]) -> HttpResponse:
    """Show the form, or credit and go back to the account with a message."""
    account = TradingAccount.objects.select_related("user").filter(pk=account_id).first()
    if account is None:
        raise Http404
    if not model_admin.has_change_permission(request, account):
        raise PermissionDenied
    form = CreditForm(request.POST or None, initial={"reference": f"credit-{secrets.token_hex(12)}", "asset": "USDT"})
    if request.method == "POST" and form.is_valid() and _credit(request, account, form):
        return HttpResponseRedirect(reverse("admin:accounts_tradingaccount_change", args=[account.pk]))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"Credit account {account.pk}",
        "account": account,
        "form": form,
    }
    return TemplateResponse(request, "admin/accounts/credit.html", context)


def _credit(request: HttpRequest, account: TradingAccount, form: CreditForm) -> bool:
    wanted = form.cleaned_data
    try:
        result = credit_account(
            account_id=account.pk,
            asset_code=wanted["asset"],
            amount_units=wanted["amount"],
            reference=wanted["reference"],
        )
    except DomainError as error:
        messages.error(request, error.message)
        return False
    _record(request, account, result, wanted["reason"])
    said = "had been credited before with this form" if result.repeated else "credited"
    messages.success(
        request,
        f"{format_scaled(result.amount_units, 8)} {result.asset} {said}; "
        f"the wallet holds {format_scaled(result.wallet_units, 8)} {result.asset}.",
    )
    return True


def _record(request: HttpRequest, account: TradingAccount, result: CreditResult, reason: str) -> None:
    amount = format_scaled(result.amount_units, 8)
    LogEntry.objects.log_actions(
        user_id=request.user.pk or 0,
        queryset=TradingAccount.objects.filter(pk=account.pk),
        action_flag=CHANGE,
        change_message=f"Credited {amount} {result.asset}: {reason} ({result.reference})",
        single_object=True,
    )
