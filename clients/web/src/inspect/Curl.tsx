// How is the same asked from a shell? The command, without the key: that belongs in nobody's clipboard.
import { useState } from "preact/hooks";
import { t } from "../words/lang";

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export const curl = (body: unknown): string =>
  [`curl -s ${location.origin}/v1/search`, `-H "Authorization: Bearer $LIFESTYLE_KEY"`, `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(body))}`].join(" \\\n  ");

export function Curl({ body }: { body: unknown }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(curl(body)).then(() => setCopied(true), () => setCopied(false));
  return (
    <>
      <button type="button" id="curl" onClick={() => void copy()}>{t("copy_curl")}</button>
      <span role="status">{copied && t("copied")}</span>
    </>
  );
}
