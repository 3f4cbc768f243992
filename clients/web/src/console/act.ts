// How is a decision carried out? The change, then the part anew; what goes wrong is said aloud.
import { ApiError, call } from "../api/client";
import { announce } from "../state/announce";
import { t } from "../words/lang";

export async function act(method: string, path: string, body: unknown, again: () => void): Promise<void> {
  try {
    await call(path, { method, ...(body === undefined ? {} : { body }) });
    announce(t("done"));
    again();
  } catch (error) {
    announce(error instanceof ApiError && error.message ? error.message : t("offline"));
  }
}
