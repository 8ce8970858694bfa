"""The staff's form "credit or debit": an amount, an asset and a reason become a request that a second person decides.

The page carries its own reference, so that sending it twice asks once and moves money once.
"""

from __future__ import annotations

import re
import secrets

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.accounts.manual_money import CREDIT, DEBIT, MONEY_ASKERS
from apps.accounts.models import TradingAccount
from apps.approvals import services as approvals
from apps.approvals.news import tell
from apps.approvals.types import ApprovalRef
from apps.assets.selectors import get_assets
from apps.audit.staff import staff_actor
from apps.common.errors import DomainError
from apps.common.roles import roles_of
from matcher.protocol.units import parse_scaled

AMOUNT_UNITS_MAX = 10**18
_REFERENCE = re.compile(r"credit-[0-9a-f]{24}\Z", re.ASCII)


class CreditForm(forms.Form):
    direction = forms.ChoiceField(
        choices=[(CREDIT, "Credit: put in"), (DEBIT, "Debit: take out")],
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
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
        if not 0 < units <= AMOUNT_UNITS_MAX:
            raise forms.ValidationError("The amount must be above zero and at most 10,000,000,000.")
        return units

    def clean_direction(self) -> str:
        return self.cleaned_data["direction"] or CREDIT

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"]
        if not _REFERENCE.match(reference):
            raise forms.ValidationError("Open the form again.")
        return reference


def credit_view(request: HttpRequest, account_id: int, model_admin: ModelAdmin[TradingAccount]) -> HttpResponse:
    """Show the form, or ask for the movement and go on to the request that a second person decides."""
    account = TradingAccount.objects.select_related("user").filter(pk=account_id).first()
    if account is None:
        raise Http404
    if roles_of(request.user.pk or 0).isdisjoint(MONEY_ASKERS):
        raise PermissionDenied
    form = CreditForm(request.POST or None, initial={"reference": f"credit-{secrets.token_hex(12)}", "asset": "USDT"})
    if request.method == "POST" and form.is_valid():
        asked = _ask(request, account, form)
        if asked is not None:
            return HttpResponseRedirect(tell(request, asked))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"Credit or debit account {account.pk}",
        "account": account,
        "form": form,
    }
    return TemplateResponse(request, "admin/accounts/credit.html", context)


def _ask(request: HttpRequest, account: TradingAccount, form: CreditForm) -> ApprovalRef | None:
    wanted = form.cleaned_data
    payload = {
        "account_id": account.pk,
        "asset": wanted["asset"],
        "amount_units": wanted["amount"],
        "reference": wanted["reference"],
    }
    try:
        return approvals.request(
            wanted["direction"],
            payload,
            actor=staff_actor(request),
            reason=wanted["reason"],
            subject=f"accounts.tradingaccount:{account.pk}",
            key=wanted["reference"],
        )
    except DomainError as error:
        messages.error(request, error.message)
        return None
