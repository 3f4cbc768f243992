// What is like it?
import type { Answer } from "../api/types";
import { Trouble } from "../search/Trouble";
import { useAnswer } from "../state/useAnswer";
import { t } from "../words/lang";
import { Brief } from "./Brief";

export function Similar({ id }: { id: string }) {
  const { found, problem, again } = useAnswer<Answer>(`/v1/similar/${encodeURIComponent(id)}?limit=5`);
  if (problem) return <Trouble problem={problem} again={again} />;
  return found ? <Brief items={found.hits} /> : <p role="status">{t("loading")}</p>;
}
