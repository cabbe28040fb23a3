"""Start Lacuna: `python main.py [PHOTO]` opens the editor, `python main.py inpaint …` works without a window."""

import sys

from app.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
