"""Releases of SQL Server for Linux as their ``@@VERSION`` tells them: what Microsoft's container images of them say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MssqlRelease:
    """One build."""

    numbers: tuple[int, int, int]
    """Major, minor, build."""
    revision: int
    update: str
    """Cumulative update and its article."""
    built: str
    """Date and time, as it is told."""
    year: int
    system: str
    """Which its image has below it."""

    @property
    def version(self) -> str:
        """``16.0.4165.4``."""
        return ".".join(map(str, (*self.numbers, self.revision)))

    @property
    def told(self) -> str:
        """``@@VERSION``."""
        return (
            f"Microsoft SQL Server {self.year} (RTM-{self.update}) - {self.version} (X64) \n\t{self.built} \n\t"
            f"Copyright (C) {self.year} Microsoft Corporation\n\tDeveloper Edition (64-bit) on Linux ({self.system}"
        )


RELEASES = (
    MssqlRelease(
        (14, 0, 3465), 1, "CU31-GDR) (KB5029376", "Jul 30 2023 15:31:58", 2017, "Ubuntu 18.04.6 LTS)"
    ),
    MssqlRelease(
        (15, 0, 4375), 4, "CU27) (KB5037331", "Jun 10 2024 18:00:07", 2019, "Ubuntu 20.04.6 LTS) <X64>"
    ),
    MssqlRelease(
        (16, 0, 4135), 4, "CU14) (KB5038325", "Jul 10 2024 14:09:09", 2022, "Ubuntu 22.04.4 LTS) <X64>"
    ),
    MssqlRelease(
        (16, 0, 4165), 4, "CU16) (KB5048033", "Nov  6 2024 19:24:49", 2022, "Ubuntu 22.04.5 LTS) <X64>"
    ),
    MssqlRelease(
        (16, 0, 4185), 3, "CU18) (KB5050771", "Feb 28 2025 18:24:49", 2022, "Ubuntu 22.04.5 LTS) <X64>"
    ),
)
