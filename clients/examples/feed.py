"""What does it take to put a feed into an application? A page of cards, and what people do with them."""

from collections.abc import Iterator

from lifestyle_search_client import Client, EventBatcher
from lifestyle_search_client.models import Hit, Page


def shown(client: Client, events: EventBatcher, user: str, personal: bool) -> Iterator[tuple[Page, Hit]]:
    """A person's cards, as far as they scroll; that they were shown is told by itself."""
    for page in client.feed_pages(user_id=user, personalize=personal, limit=10):
        for card in page.hits:
            told(events, user, page, card, "impression")
            yield page, card


def told(events: EventBatcher, user: str, page: Page, card: Hit, action: str) -> None:
    """What a person did with a card: click, save, like, share, hide, ..."""
    events.add(user_id=user, action=action, object_id=card.id, query_id=page.query_id, position=card.position)
