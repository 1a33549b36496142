"""A model field that seals what is assigned to it, and the value it gives back. Models say what is sealed."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from lianxin.vault.box import seal, unseal
from lianxin.vault.masks import DOT, mask_id, mask_phone


class Kind(StrEnum):
    """What is sealed; decides how it is masked."""

    PHONE = "phone"
    ID_NUMBER = "id"
    TEXT = "text"


_MASKS: dict[Kind, Callable[[str], str]] = {
    Kind.PHONE: mask_phone,
    Kind.ID_NUMBER: mask_id,
    Kind.TEXT: lambda plain: DOT * min(len(plain), 4),
}


class Sealed:
    """A value under seal: ciphertext only. Says nothing in print, JSON, pickles or comparisons until `reveal()`."""

    __slots__ = ("_box", "_context", "_kind")

    def __init__(self, box: bytes, *, context: str, kind: Kind) -> None:
        self._box: Final = box
        self._context: Final = context
        self._kind: Final = kind

    @classmethod
    def of(cls, plain: str, *, context: str, kind: Kind = Kind.TEXT) -> Sealed:
        return cls(seal(plain, context=context) if plain else b"", context=context, kind=kind)

    @property
    def box(self) -> bytes:
        """The ciphertext; b"" for nothing."""
        return self._box

    @property
    def context(self) -> str:
        return self._context

    @property
    def masked(self) -> str:
        """As it may be shown: 138····2764; "" for nothing."""
        return _MASKS[self._kind](self.reveal())

    def reveal(self) -> str:
        """The plain text. Callers say why in a log first (`register.queries.reveal`)."""
        return unseal(self._box, context=self._context) if self._box else ""

    def __bool__(self) -> bool:
        return bool(self._box)

    def __repr__(self) -> str:
        return f"<Sealed {self._context}{'' if self._box else ', empty'}>"

    def __str__(self) -> str:
        return "（已加密）" if self._box else ""

    def __eq__(self, other: object) -> bool:  # so it cannot be hashed either: a key of a dict is compared
        if self is other:
            return True
        raise TypeError(f"{self._context}: sealed values are not compared; compare keyed hashes")

    def __reduce_ex__(self, _protocol: Any) -> NoReturn:
        raise TypeError(f"{self._context}: sealed values are not pickled")

    def __copy__(self) -> Sealed:
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> Sealed:
        return self


class _Sealing(DeferredAttribute):
    """Seals on assignment, so that an instance never carries the plain text about."""

    def __set__(self, instance: models.Model, value: object) -> None:
        field = cast("SealedField", self.field)
        instance.__dict__[field.attname] = field.sealed(value)


if TYPE_CHECKING:
    _Binary = models.BinaryField[str | Sealed, Sealed]
else:
    _Binary = models.BinaryField


class SealedField(_Binary):
    """A text kept sealed; "" for none. Not looked up, not ordered by, on no form: index a keyed hash beside it."""

    _pyi_private_set_type: str | Sealed  # read by the mypy plugin: what may be assigned
    _pyi_private_get_type: Sealed  # type: ignore[assignment]  # and what comes back
    descriptor_class = _Sealing
    empty_values = ()  # asking “is it among the empty ones?” would compare

    def __init__(self, *args: Any, context: str, kind: str = Kind.TEXT, **kwargs: Any) -> None:
        self.context = context
        self.kind = Kind(kind)
        super().__init__(*args, **{"default": b"", "blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        kwargs.pop("blank", None)
        return name, path, args, {**kwargs, "context": self.context, "kind": self.kind.value}

    def sealed(self, value: object) -> Sealed:
        """Plain text, or what came out of the database, as a sealed value of this field."""
        if isinstance(value, Sealed):
            if value.context != self.context:
                raise ValueError(f"{self.context} was given what is sealed for {value.context}: reveal it and say why")
            return value
        if isinstance(value, str):
            return Sealed.of(value, context=self.context, kind=self.kind)
        if value is None or (isinstance(value, bytes) and not value):
            return Sealed(b"", context=self.context, kind=self.kind)
        raise TypeError(f"{self.context} takes text, not {type(value).__name__}")

    def from_db_value(self, value: bytes | memoryview | None, *_: Any) -> Sealed:
        return Sealed(bytes(value or b""), context=self.context, kind=self.kind)

    def get_prep_value(self, value: Any) -> Any:
        return value if hasattr(value, "resolve_expression") else self.sealed(value).box

    def get_lookup(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self.context} is sealed: look up the keyed hash beside it, not “{lookup_name}”")

    def get_transform(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self.context} is sealed: nothing can be computed from it ({lookup_name})")

    def value_to_string(self, obj: models.Model) -> NoReturn:
        raise TypeError(f"{self.context} is sealed: not for fixtures or exports ({type(obj).__name__})")

    def formfield(self, *_: Any, **__: Any) -> None:
        return None
