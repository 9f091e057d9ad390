"""Find the packages: all below ``canaries`` and ``listener``, and those that setup.cfg places (``package_dir``).

Everything else about the distribution is in setup.cfg, where ``find:`` and a list of names exclude each other.
"""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["canaries", "canaries.*", "listener", "listener.*"]),
        "canaries.templates",
        "listener.alert_service",
        "trapline_hook",
    ]
)
