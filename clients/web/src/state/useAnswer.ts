// What does a route say? Asked when first shown; undefined while it is not there yet.
import { useEffect, useState } from "preact/hooks";
import { ApiError, call } from "../api/client";

export interface Loading<T> {
  found: T | undefined;
  problem: ApiError | undefined;
  again: () => void;
}

export function useAnswer<T>(path: string): Loading<T> {
  const [found, setFound] = useState<T>();
  const [problem, setProblem] = useState<ApiError>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setProblem(undefined);
    call<T>(path, { signal: stop.signal }).then(setFound, (error: unknown) => {
      if (!stop.signal.aborted) setProblem(error instanceof ApiError ? error : new ApiError(0, String(error)));
    });
    return () => stop.abort();
  }, [path, tries]);
  return { found, problem, again: () => setTries(tries + 1) };
}
