"""GraphiQL in a browser that can reach nothing but this machine."""

from urllib.parse import quote, urlsplit

from pages import complaints, hosts_asked
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import text_to_be_present_in_element
from selenium.webdriver.support.ui import WebDriverWait

QUERY = "{ products(sort: [{field: NAME}]) { nodes { name variants { nodes { sku } } } } }"


def test_graphiql_runs_a_query_and_shows_its_answer(browser: Chrome, served: str) -> None:
    browser.get(f"{served}/graphql?query={quote(QUERY)}")
    wait = WebDriverWait(browser, 30)
    wait.until(text_to_be_present_in_element((By.CSS_SELECTOR, ".graphiql-editors"), "products"))

    browser.find_element(By.CSS_SELECTOR, ".graphiql-execute-button").click()

    answer = (By.CSS_SELECTOR, ".graphiql-response")
    wait.until(text_to_be_present_in_element(answer, "desk-lamp-red"))
    assert hosts_asked(browser) == {urlsplit(served).netloc}
    assert complaints(browser) == []
