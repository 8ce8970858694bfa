"""A door of the platform lane that asks nobody who they are."""

from __future__ import annotations

from rest_framework.permissions import AllowAny
from rest_framework.views import APIView


class OpenView(APIView):
    """For what everybody may read, and for those who are about to prove who they are."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
