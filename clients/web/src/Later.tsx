// How is a part fetched only when it is shown? Its module is loaded then; meanwhile a place is kept for it.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "./words/lang";

interface Props {
  load: () => Promise<{ default: ComponentType }>;
}

export function Later({ load }: Props) {
  const [Part, setPart] = useState<ComponentType | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    load().then((module) => setPart(() => module.default), () => setFailed(true));
  }, [load]);
  if (failed) return <p role="alert">{t("offline")}</p>;
  return Part ? <Part /> : <p role="status">{t("loading")}</p>;
}
