"""The KYC app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from apps.common.sealed_rows import SealedColumns, register


class KycConfig(AppConfig):
    name = "apps.kyc"
    label = "kyc"
    verbose_name = "KYC"

    def ready(self) -> None:
        from apps.kyc import level_terms  # noqa: PLC0415  models come first
        from apps.kyc.details import details_context  # noqa: PLC0415  models come first
        from apps.kyc.documents import document_context  # noqa: PLC0415  models come first
        from apps.kyc.models import Application, Document  # noqa: PLC0415  models come first
        from apps.kyc.reviews import register_approvals  # noqa: PLC0415  models come first
        from apps.kyc.seeds import after_migrate  # noqa: PLC0415  models come first

        register_approvals()
        level_terms.register_kinds()
        register(SealedColumns("people of KYC", Application.objects, details_context, "details_sealed", "details_key"))
        # The content lies in a file; only the wrapped key is a column.
        register(SealedColumns("documents of KYC", Document.objects, document_context, ciphertext="data_key_sealed"))
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="kyc.levels")
