"""What files are refused for, in the words of whoever sends them here: parameters for options of
the command line, and no folders of this machine."""

import re
from pathlib import Path

_OPTION = re.compile(r"--(currency|encoding|mapping|channel|format)\b(?: ([A-Z]{3})\b)?")


def told(message: str, folder: Path) -> str:
    """`folder` is where the job has its files, in folders of their own."""
    for inner in folder.iterdir():
        message = message.replace(f"{inner}/", "").replace(str(inner), "what was sent")
    message = _OPTION.sub(lambda match: f"{match[1]}={match[2] or '…'}", message)
    message = message.replace("--on-error skip", "on_error=skip")
    return message.replace("; --suggest-mapping", "; catalog import --suggest-mapping")
