"""The REST reference in a browser that can reach nothing but this machine."""

from urllib.parse import urlsplit

from pages import complaints, hosts_asked
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import (
    element_to_be_clickable,
    text_to_be_present_in_element,
)
from selenium.webdriver.support.ui import WebDriverWait

OPERATION = "#operations-products-productsPage"


def test_the_reference_tries_an_operation_out_and_shows_its_answer(
    browser: Chrome, served: str
) -> None:
    browser.get(f"{served}/docs#/products/productsPage")
    wait = WebDriverWait(browser, 30)

    wait.until(element_to_be_clickable((By.CSS_SELECTOR, f"{OPERATION} .execute"))).click()

    answer = (By.CSS_SELECTOR, f"{OPERATION} .live-responses-table tr.response")
    wait.until(text_to_be_present_in_element(answer, "desk-lamp"))
    assert hosts_asked(browser) == {urlsplit(served).netloc}
    assert complaints(browser) == []
