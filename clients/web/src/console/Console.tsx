// What does whoever runs it need to see and decide? Each matter in a part of its own; all need a key with scope admin.
import { useState } from "preact/hooks";
import { AskKey } from "../search/Trouble";
import { useAnswer } from "../state/useAnswer";
import { t } from "../words/lang";
import { Compare } from "./Compare";
import { Curves } from "./Curves";
import { Jobs } from "./Jobs";
import { Latencies } from "./Latencies";
import { Mentions } from "./Mentions";
import { Questions } from "./Questions";
import { Rejects } from "./Rejects";
import { ReviewQueue } from "./ReviewQueue";
import { Rules } from "./Rules";
import { Trial } from "./Trial";
import { Versions } from "./Versions";
import "./console.css";

const NO_KEY = [401, 403];

export default function Console() {
  const [tries, setTries] = useState(0);
  return <Guarded key={tries} again={() => setTries(tries + 1)} />;
}

function Guarded({ again }: { again: () => void }) {
  const { problem } = useAnswer("/v1/house/versions");
  const locked = problem !== undefined && NO_KEY.includes(problem.status);
  return (
    <div id="console">
      <h2>{t("console")}</h2>
      {locked ? <AskKey again={again} /> : (
        <>
          <Curves /><Versions /><Jobs /><Questions /><Compare /><Rules /><ReviewQueue /><Mentions /><Rejects /><Trial /><Latencies />
        </>
      )}
    </div>
  );
}
