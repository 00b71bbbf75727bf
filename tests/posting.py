"""What a browser would post from a page: the values of a form as HTML holds them."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    """Reads the controls of the form that has a CSS class; what stands in a <template> is not part of a form."""

    def __init__(self, css_class: str) -> None:
        super().__init__(convert_charrefs=True)
        self.css_class, self.fields = css_class, dict[str, str]()
        self.inside, self.templates = False, 0
        self.area = self.select = ""
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = self.css_class in given.get("class", "").split()
        self.templates += tag == "template"
        if not self.inside or self.templates:
            return
        name = given.get("name", "")
        if tag == "textarea":
            self.area, self.text = name, []
        elif tag == "select":
            self.select = name
        elif tag == "option" and (self.select not in self.fields or "selected" in given):
            self.fields[self.select] = given["value"]
        elif tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.fields[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.templates -= tag == "template"
        if tag == "textarea" and self.area:
            text = "".join(self.text).removeprefix("\n")  # HTML: the newline after the tag is not content
            self.fields[self.area] = text.replace("\r\n", "\n").replace("\n", "\r\n")
            self.area = ""
        self.inside = self.inside and tag != "form"


def fields_of(html: str, css_class: str = "sheet") -> dict[str, str]:
    """The names and values that the form with this class would send, without any button."""
    form = _Form(css_class)
    form.feed(html)
    return form.fields
