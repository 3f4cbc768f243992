// Which rows did the last ingest refuse, and why?
import { t } from "../words/lang";
import { Part } from "./Part";

interface Table {
  table: string;
  at: string;
  refused: number;
  by_reason: Record<string, number>;
  rows: { file: string; line: number; field: string; reason: string; row: string }[];
}

export function Rejects() {
  return (
    <Part<{ tables: Table[] }> title="rejects" path="/v1/house/rejects">
      {({ tables }) => (
        <>
          {tables.length === 0 && <p class="dim">{t("none")}</p>}
          {tables.map((each) => (
            <details key={each.table}>
              <summary><b>{each.table}</b> {t("refused", { n: each.refused })} <small>{each.at.slice(0, 10)}</small></summary>
              <ul>{Object.entries(each.by_reason).map(([reason, count]) => <li key={reason}>{count} × {reason}</li>)}</ul>
              <ol>{each.rows.map((row) => (
                <li key={`${row.file}${row.line}`}><code>{row.file}:{row.line}</code> {row.field} — {row.reason} <small><code>{row.row}</code></small></li>
              ))}</ol>
            </details>
          ))}
        </>
      )}
    </Part>
  );
}
