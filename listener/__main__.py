"""``python -m listener`` is ``trapline``."""

from listener.cli import main

if __name__ == "__main__":
    main()
