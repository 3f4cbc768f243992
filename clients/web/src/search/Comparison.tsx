// Which of two? A row for each fact or attribute, a column for each thing.
import type { Verdict } from "../api/types";
import { Mark } from "../card/Mark";

type Cell = string | number | null | { verdict: Verdict; sentence: string | null };

export interface Compared {
  type: "comparison";
  items: { id: string; name: string }[];
  rows: { label: string; values: Cell[]; differ: boolean }[];
}

export function Comparison({ items, rows }: Compared) {
  return (
    <div class="wide" tabIndex={0}>
      <table>
        <thead><tr><td />{items.map((item) => <th key={item.id} scope="col">{item.name}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.label} class={row.differ ? "differ" : ""}>
              <th scope="row">{row.label}</th>
              {row.values.map((cell, at) => <td key={at}>{told(cell)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const told = (cell: Cell) =>
  typeof cell === "object" && cell !== null ? <><Mark verdict={cell.verdict} /> {cell.sentence}</> : (cell ?? "—");
