"""Tells the staff member who asked for something how it stands."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from apps.approvals.types import ApprovalRef, ApprovalState


def tell(request: HttpRequest, asked: ApprovalRef) -> str:
    """A message on the next page; the address of the request's own page."""
    if asked.state == ApprovalState.PENDING:
        messages.info(request, "Asked for. Another person has to approve it before anything happens.")
    elif asked.state == ApprovalState.EXECUTED:
        messages.success(request, asked.result)
    else:
        messages.error(request, f"{asked.state}: {asked.result}")
    return reverse("admin:approvals_approvalrequest_change", args=[asked.id])
