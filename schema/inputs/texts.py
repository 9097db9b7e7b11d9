"""Texts in languages."""

import strawberry
from strawberry import field

from schema.inputs.fields import optional


@strawberry.input(description="What search engines are told of a page.")
class SeoInput:
    title: str | None = optional("Title of the page.")
    description: str | None = optional("Text under the title in a list of results.")


@strawberry.input(description="The texts of one language; what is not sent stays, null removes it.")
class TranslationInput:
    locale: str = field(description="A language tag of BCP 47.")
    name: str | None = optional("Its name; the label of an option.")
    slug: str | None = optional("Its part of an address in this language.")
    description: str | None = optional("HTML; it is cleaned.")
    seo: SeoInput | None = optional("What search engines are told of its page.")


@strawberry.input(description="A text in one language.")
class TextInput:
    locale: str = field(description="A language tag of BCP 47.")
    text: str = field(description="The text.")
