"""`functools.cached_property` without the lock that CPython before 3.12 takes at each first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class lazily(Generic[T]):  # noqa: N801  used as a decorator, as cached_property is
    """An attribute that is made when it is first asked for. Two threads may both make it."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self._name = make, make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, owner: None, kind: type[Any]) -> lazily[T]: ...
    @overload
    def __get__(self, owner: object, kind: type[Any]) -> T: ...
    def __get__(self, owner: object | None, kind: type[Any]) -> T | lazily[T]:
        if owner is None:
            return self
        made: T = self._make(owner)
        owner.__dict__[self._name] = made
        return made
