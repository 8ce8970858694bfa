"""Who may come in: people, their sessions and their programs' keys. Passwords and secrets never in clear."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.users.types import KEY_TYPES


class UserManager(BaseUserManager["User"]):
    """Only what Django itself asks for (`createsuperuser`); the rest of the house uses services."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields.setdefault("email_verified_at", timezone.now())
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. `account_id` names the trading account opened for them, once there is one."""

    email = models.EmailField(max_length=254, unique=True)
    account_id = models.BigIntegerField(null=True, blank=True, unique=True, editable=False)
    is_active = models.BooleanField(default=True, help_text="Not disabled, frozen or closed.")
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    security_changed_at = models.DateTimeField(null=True, blank=True)
    security_changes = models.PositiveIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.CharField(max_length=8, blank=True, choices=[("user", "the person"), ("staff", "staff")])
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="users_user_email_lower")]

    def __str__(self) -> str:
        return self.email

    def get_session_auth_hash(self) -> str:
        """What an admin's cookie session hangs on: it ends with every security change, as the others do."""
        return salted_hmac(
            "users.admin_session", f"{self.password}:{self.security_changes}", algorithm="sha256"
        ).hexdigest()


class Session(models.Model):
    """One signed-in device: a family of refresh tokens of which only the newest is good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_sessions")
    refresh_jti = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    refreshed_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.CharField(max_length=32, blank=True)
    methods = models.JSONField(default=list, help_text="How the person proved who they are.")
    stepped_up_at = models.DateTimeField(null=True, blank=True, help_text="When they last proved it again.")

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["user", "revoked_at"], name="users_session_live"),
            models.Index(fields=["user", "address"], name="users_session_address"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class KnownDevice(models.Model):
    """A browser that once signed in as the person: what it shows for it is kept as a hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_devices")
    token_hash = models.CharField(max_length=64, unique=True)
    user_agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.user_agent or str(self.pk)


class OneTimeToken(models.Model):
    """Something that may be done once, by whoever holds a random text; only the text's hash is kept.

    Without a user it is a decoy: it looks and costs the same and leads nowhere.
    """

    kind = models.CharField(max_length=24)
    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="one_time_tokens")
    payload = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "kind"], name="users_token_of_user")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class TotpDevice(models.Model):
    """The person's authenticator. `last_step` is the newest time step whose code was taken: none older is taken again."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="totp")
    secret_sealed = models.BinaryField()
    data_key_sealed = models.BinaryField()
    kek_id = models.CharField(max_length=32)
    last_step = models.BigIntegerField(default=-1)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"authenticator of {self.user_id}"


class BackupCode(models.Model):
    """One of the codes for the day the authenticator is lost: stretched under the salt of its set."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="backup_codes")
    salt = models.BinaryField()
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="users_backup_code_once")]

    def __str__(self) -> str:
        return f"backup code {self.pk}"


class Passkey(models.Model):
    """A WebAuthn credential of the person. `sign_count` never goes back: a copy would give itself away."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.CharField(max_length=1400, help_text="base64url")
    credential_hash = models.CharField(max_length=64, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=64)
    transports = models.JSONField(default=list)
    aaguid = models.CharField(max_length=36, blank=True)
    is_backed_up = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """A program's key. An HMAC secret is sealed under a data key of its own; see api_keys.py."""

    key = models.CharField(max_length=64, unique=True)
    key_type = models.CharField(max_length=8, choices=[(one, one) for one in KEY_TYPES], default="hmac")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    account_id = models.BigIntegerField()
    label = models.CharField(max_length=64)
    permissions = models.JSONField(default=list)
    addresses = models.JSONField(default=list, blank=True)  # networks it may be used from; none means any
    instruments = models.JSONField(default=list, blank=True)  # symbols it may trade; none means all
    public_key = models.BinaryField(default=bytes, blank=True)
    secret_sealed = models.BinaryField(default=bytes, blank=True)
    data_key_sealed = models.BinaryField(default=bytes, blank=True)
    kek_id = models.CharField(max_length=32, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_address = models.GenericIPAddressField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "API key"
        indexes = [models.Index(fields=["user", "is_active"], name="users_apikey_live")]

    def __str__(self) -> str:
        return f"{self.label} ({self.key[:8]}...)"
