"""An attribute that is made when it is first asked for."""

from __future__ import annotations

from canaries.core.lazily import lazily


class Counted:
    made = 0

    @lazily
    def value(self) -> list[int]:
        """What is made."""
        self.made += 1
        return [self.made]


def test_it_is_made_once_for_each_object() -> None:
    one, other = Counted(), Counted()
    assert one.value is one.value
    assert (one.made, other.made) == (1, 0)
    assert Counted.value.__doc__ == "What is made."
