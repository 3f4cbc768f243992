// How did the last answer come about? Asked again with `explain`, in a drawer for developers.
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, call } from "../api/client";
import type { Answer } from "../api/types";
import { Trouble } from "../search/Trouble";
import { inspecting } from "../state/inspecting";
import { sent } from "../state/search";
import { t } from "../words/lang";
import { Contributions } from "./Contributions";
import { Curl } from "./Curl";
import { GivenUp } from "./GivenUp";
import "./inspect.css";
import { ParseTable } from "./ParseTable";
import { Pairs } from "./Pairs";
import { Waterfall } from "./Waterfall";

export default function Inspect() {
  const close = useRef<HTMLButtonElement>(null);
  const [told, tellOf] = useState<Answer | ApiError>();
  const request = sent.value;
  useEffect(() => close.current?.focus(), []);
  useEffect(() => {
    if (!request) return;
    const stop = new AbortController();
    call<Answer>("/v1/search", { body: { ...request, explain: true }, signal: stop.signal })
      .then(tellOf, (error: unknown) => error instanceof ApiError && tellOf(error));
    return () => stop.abort();
  }, [request]);
  const shut = () => {
    inspecting.value = false;
    document.getElementById("inspect")?.focus();
  };
  return (
    <aside id="drawer" aria-labelledby="drawer-title" onKeyDown={(event) => event.key === "Escape" && shut()}>
      <div class="bar">
        <h2 id="drawer-title">{t("inspect_title")}</h2>
        <div class="end">
          {request && <Curl body={request} />}
          <button ref={close} type="button" onClick={shut}>{t("close")}</button>
        </div>
      </div>
      {!request && <p class="dim">{t("nothing_yet")}</p>}
      {told instanceof ApiError && <Trouble problem={told} again={() => tellOf(undefined)} />}
      {told && !(told instanceof ApiError) && <Parts answer={told} />}
    </aside>
  );
}

function Parts({ answer }: { answer: Answer }) {
  return (
    <>
      <Waterfall timings={answer.timings} />
      <ParseTable parse={answer.parse} />
      <Pairs title={t("plan")} pairs={answer.plan} />
      <GivenUp answer={answer} />
      <Contributions hits={answer.hits} />
      <Pairs title={t("versions")} pairs={{ ...answer.versions, query_id: answer.query_id, parser: answer.parse.parser.source }} />
    </>
  );
}
