// What runs, how far is it, and what waits for it? The last build, training and distilling.
import { t } from "../words/lang";
import { Ticking } from "./Curves";
import { Part } from "./Part";

interface Job {
  job: "build" | "train" | "distill";
  began: string;
  ended: string | null;
  stage: string;
  done: number;
  todo: number;
  failed: string | null;
  state: "running" | "done" | "failed" | "broken off";
}

const STATES = { running: "job_running", done: "done", failed: "failed", "broken off": "job_broken" } as const;
const EVERY_MS = { running: 1000, resting: 15_000 };

export function Jobs() {
  return (
    <Part<{ jobs: Job[]; waiting: { vectors: number; changes: number } }> title="jobs" path="/v1/house/jobs">
      {({ jobs, waiting }, again) => (
        <>
          <Ticking again={again} every={jobs.some((each) => each.state === "running") ? EVERY_MS.running : EVERY_MS.resting} />
          <p class="dim">{t("waiting", { vectors: waiting.vectors, changes: waiting.changes })}</p>
          {jobs.length === 0 && <p class="dim">{t("none")}</p>}
          <ul>{jobs.map((each) => <Line key={each.job} {...each} />)}</ul>
        </>
      )}
    </Part>
  );
}

function Line({ job, began, ended, stage, done, todo, failed, state }: Job) {
  const name = t(`job_${job}`);
  return (
    <li data-job={job}>
      <b>{name}</b>: {t(STATES[state])} {failed} <small>{(ended ?? began).slice(0, 16).replace("T", " ")}</small>
      {state === "running" && <> · {stage} {todo > 0 && <progress aria-label={name} value={done} max={todo} />} {todo > 0 && `${done}/${todo}`}</>}
    </li>
  );
}
