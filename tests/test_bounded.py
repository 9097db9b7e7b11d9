"""What is kept of texts, and of which nothing is."""

from catalog.bounded import kept_of_texts


def test_what_is_made_of_a_short_text_is_made_once() -> None:
    made: list[str] = []

    @kept_of_texts(2, longest=5)
    def length(text: str) -> int:
        made.append(text)
        return len(text)

    assert [length(each) for each in ("one", "one", "longer", "longer")] == [3, 3, 6, 6]
    assert made == ["one", "longer", "longer"]
