// How fast are the answers, and how many gave something up? Percentiles by route, since the server started.
import { useEffect, useState } from "preact/hooks";
import { key } from "../api/client";
import { t } from "../words/lang";
import { percentile, series, type Series } from "./prometheus";

const SHARES = [0.5, 0.95, 0.99];
const EVERY_MS = 10_000;

export function Latencies() {
  const [found, setFound] = useState<Series[]>([]);
  useEffect(() => {
    const read = () =>
      void fetch("/metrics", { headers: { Authorization: `Bearer ${key()}` } }).then(async (reply) => reply.ok && setFound(series(await reply.text())), () => undefined);
    read();
    const timer = setInterval(read, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const of = (name: string) => found.filter((each) => each.name === name);
  const routes = of("lifestyle_request_seconds_count").sort((a, b) => b.value - a.value).slice(0, 12);
  const searches = of("lifestyle_stage_seconds_count").find((each) => each.labels["stage"] === "retrieve")?.value ?? 0;
  const gaveUp = of("lifestyle_degraded_total");
  return (
    <section class="hit" id="latencies" aria-labelledby="latencies-title">
      <h3 id="latencies-title">{t("latencies")}</h3>
      <div class="wide" tabIndex={0}>
        <table>
          <thead><tr><th scope="col">{t("path")}</th><th scope="col">{t("requests")}</th>{SHARES.map((share) => <th key={share} scope="col">p{share * 100}</th>)}</tr></thead>
          <tbody>
            {routes.map(({ labels: { route = "" }, value }) => (
              <tr key={route}>
                <th scope="row"><code>{route}</code></th>
                <td>{value}</td>
                {SHARES.map((share) => <td key={share}>{told(percentile(of("lifestyle_request_seconds_bucket").filter((b) => b.labels["route"] === route), share))}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>{t("degraded_share", { n: searches })} {gaveUp.map(({ labels, value }) => `${labels["stage"] ?? ""}: ${value}`).join(", ") || "0"}</p>
    </section>
  );
}

const told = (seconds: number | undefined): string =>
  seconds === undefined ? "—" : Number.isFinite(seconds) ? `≤ ${seconds * 1000} ms` : "> 2.5 s";
