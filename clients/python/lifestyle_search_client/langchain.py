"""How does a LangChain chain ask? As with any retriever: a question in, documents out, each with what proves it."""

from typing import Any, Literal

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from lifestyle_search_client.aio import AsyncClient
from lifestyle_search_client.models import Constraint, Hit, Page
from lifestyle_search_client.sync import Client


class LifestyleRetriever(BaseRetriever):
    """The best `limit` answers of these kinds (default: what the question asks for). Without `aclient`, asynchronous
    chains ask `client` in a thread.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    client: Client
    aclient: AsyncClient | None = None
    limit: int = 5
    kinds: tuple[Literal["note", "product", "poi"], ...] = ()

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return documents(self.client.search(query, limit=self.limit, kinds=list(self.kinds)))

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        if self.aclient is None:
            found: list[Document] = await super()._aget_relevant_documents(query, run_manager=run_manager)
            return found
        return documents(await self.aclient.search(query, limit=self.limit, kinds=list(self.kinds)))


def documents(page: Page) -> list[Document]:
    """A page as documents: the item's own text, then a line for each constraint that it keeps or breaks."""
    return [Document(page_content=text(page, hit), id=hit.id, metadata=_about(page, hit)) for hit in page.hits]


def text(page: Page, hit: Hit) -> str:
    """What a language model should read of a hit."""
    item = hit.item
    lines = [str(item.get("name") or item.get("title") or hit.id), str(item.get("body") or "")]
    for proof in hit.evidence:
        said = proof.sentence or proof.measured or ""
        lines.append(f"{named(page.parse.constraints[proof.constraint], page)}: {proof.verdict}. {said}".rstrip())
    return "\n".join(line for line in lines if line)


def named(constraint: Constraint, page: Page) -> str:
    """A constraint in the language of the question."""
    label = constraint.label or {}
    return (
        label.get("en" if page.parse.lang == "en" else "zh") or f"{constraint.slot} {constraint.op} {constraint.value}"
    )


def _about(page: Page, hit: Hit) -> dict[str, Any]:
    proofs = [
        {"verdict": proof.verdict, "sentence": proof.sentence, "note_id": proof.note_id} for proof in hit.evidence
    ]
    return {"id": hit.id, "kind": hit.kind, "score": hit.score, "query_id": page.query_id, "evidence": proofs}
