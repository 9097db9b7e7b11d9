"""What a browser did with a page: which hosts it asked, and what it complained of."""

import json
from urllib.parse import urlsplit

from selenium.webdriver import Chrome


def hosts_asked(browser: Chrome) -> set[str]:
    """Host and port of every request since this was last asked; `data:` has none."""
    events = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    urls = (
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    )
    return {urlsplit(url).netloc for url in urls if urlsplit(url).netloc}


def complaints(browser: Chrome) -> list[str]:
    """What the console says is severe: errors, and what the page's policy blocked."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
