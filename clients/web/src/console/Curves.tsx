// How did the last hours go? Percentiles of the answers' milliseconds, and the share that gave something up or failed.
import { useEffect, useState } from "preact/hooks";
import { t } from "../words/lang";
import { Part } from "./Part";

interface Point {
  at: string;
  answers: number;
  failed: number;
  degraded: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

const HOURS = [1, 6, 24] as const;
const LINES = ["p99", "p95", "p50"] as const;
const EVERY_MS = 10_000;
const [WIDE, HIGH] = [600, 150];

export function Curves() {
  const [hours, setHours] = useState<number>(1);
  return (
    <Part<{ points: Point[] }> title="curves" path={`/v1/house/curves?hours=${hours}`}>
      {({ points }, again) => (
        <>
          <div class="row" role="group" aria-label={t("curves")}>
            {HOURS.map((each) => <button key={each} type="button" aria-pressed={each === hours} onClick={() => setHours(each)}>{t("hours", { n: each })}</button>)}
          </div>
          <Ticking again={again} />
          <Times points={points} />
          <Shares points={points} />
        </>
      )}
    </Part>
  );
}

/** Asks anew every now and then, as long as it is shown. */
export function Ticking({ again, every = EVERY_MS }: { again: () => void; every?: number }) {
  useEffect(() => {
    const timer = setTimeout(again, every);
    return () => clearTimeout(timer);
  });
  return null;
}

const clock = (iso: string): string => new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const x = (at: number, of: number): number => ((at + 0.5) / of) * WIDE;

function Times({ points }: { points: Point[] }) {
  const most = Math.max(10, ...points.map((each) => each.p99 ?? 0));
  const last = points.findLast((each) => each.answers > 0);
  const told = last ? LINES.map((line) => `${line} ${last[line] ?? "—"} ${t("ms")}`).join(" · ") : t("no_answers");
  return (
    <figure class="chart">
      <figcaption>{t("latency")} <small>{told}</small></figcaption>
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={`${t("latency")}: ${told}`}>
        {LINES.map((line) => runs(points, line).map((run) => (
          <polyline key={`${line}${run[0]?.[0] ?? 0}`} class={line} points={run.map(([at, ms]) => `${x(at, points.length)},${HIGH - (ms / most) * (HIGH - 12)}`).join(" ")} />
        )))}
        <text x={4} y={12}>{most} {t("ms")}</text>
      </svg>
      <Ends points={points} />
    </figure>
  );
}

function Shares({ points }: { points: Point[] }) {
  const answers = points.reduce((sum, each) => sum + each.answers, 0);
  const degraded = points.reduce((sum, each) => sum + (each.degraded ?? 0) * each.answers, 0);
  const failed = points.reduce((sum, each) => sum + each.failed, 0);
  const told = t("shares", { n: answers, share: answers ? ((100 * degraded) / answers).toFixed(1) : "0", failed });
  const high = HIGH / 2;
  return (
    <figure class="chart">
      <figcaption>{t("degraded_over_time")} <small>{told}</small></figcaption>
      <svg viewBox={`0 0 ${WIDE} ${high}`} role="img" aria-label={`${t("degraded_over_time")}: ${told}`}>
        {points.map((each, at) => {
          const share = Math.min(1, (each.degraded ?? 0) + each.failed / Math.max(1, each.answers + each.failed));
          return share > 0 && <rect key={each.at} x={x(at, points.length) - 4} y={high * (1 - share)} width={8} height={high * share}><title>{clock(each.at)}</title></rect>;
        })}
        <line x1={0} y1={high} x2={WIDE} y2={high} />
      </svg>
      <Ends points={points} />
    </figure>
  );
}

const Ends = ({ points }: { points: Point[] }) => (
  <div class="ends dim"><span>{clock(points[0]?.at ?? "")}</span><span>{clock(points.at(-1)?.at ?? "")}</span></div>
);

/** Stretches of points that have a value: a line is not drawn across minutes without an answer. A lone point is a dash. */
function runs(points: Point[], line: (typeof LINES)[number]): [number, number][][] {
  const found: [number, number][][] = [];
  points.forEach((each, at) => {
    const ms = each[line];
    if (ms === null) return;
    const run = found.at(-1);
    if (run && (run.at(-1)?.[0] ?? -2) >= at - 1) run.push([at, ms]);
    else found.push([[at - 0.3, ms], [at, ms]]);
  });
  return found;
}
