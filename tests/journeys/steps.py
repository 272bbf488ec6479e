"""What people do again and again on their way through the house."""

from typing import Any

from hongtu.domains.projects.demo import PASSWORD


class Visitor:
    """One person's browser page; `complaints` is what its console had to say."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.choosers: list[Any] = []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        # Playwright takes over file choosers only from the first listener on, and not at once: listen early.
        page.on("filechooser", lambda chooser: self.choosers.append(chooser))

    def open(self, path: str) -> Any:
        """Go to an address and wait until it is quiet; the page."""
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")
        return self.page


def log_in(visitor: Visitor, username: str) -> None:
    page = visitor.open("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)  # not everybody begins at the wall


def open_project(visitor: Visitor, name: str) -> str:
    """Find a project by name in the ledger and open its page; its key."""
    page = visitor.open(f"/ledgers/projects/?q={name}")
    page.locator("#ledger-table tbody a", has_text=name).first.click()
    page.wait_for_load_state("networkidle")
    return str(page.url.split("#")[0].split("?")[0].rstrip("/").rsplit("/", 1)[1])


FOCUSED = """() => {
  const e = document.activeElement;
  const own = e.getAttribute('aria-label') || e.innerText || e.value || '';
  return [e.tagName, e.id, own.trim(), e.matches(':focus-visible')];
}"""


def tab_to(page: Any, words: str = "", identifier: str = "") -> None:
    """Press Tab until the element with these words or this id has the focus, which must be visible."""
    for _ in range(160):
        page.keyboard.press("Tab")
        _tag, found, text, visible = page.evaluate(FOCUSED)
        if (identifier and found == identifier) or (words and text == words):
            assert visible, f"the focus on {words or identifier} cannot be seen"
            return
    raise AssertionError(f"Tab never reaches {words or identifier}")


def type_date(page: Any, identifier: str, day: Any) -> None:
    """Type a date into the date field that has the focus, whatever order of parts the browser speaks."""
    read = f"document.getElementById('{identifier}').value"
    for order in ("%m%d%Y", "%Y%m%d", "%d%m%Y"):
        page.keyboard.type(day.strftime(order))
        if page.evaluate(read) == day.isoformat():
            return
        tab_to(page, identifier=identifier)
    raise AssertionError(f"{identifier} does not take {day}")
