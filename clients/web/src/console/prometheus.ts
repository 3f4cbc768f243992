// What do the metrics say? Prometheus text as series, and percentiles out of histograms.
export interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export const series = (text: string): Series[] =>
  text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = "", said = ""]) => [key, said]);
    return [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
  });

/** The upper edge, in seconds, of the bucket in which a share of the observations ends; undefined without any. */
export function percentile(buckets: Series[], share: number): number | undefined {
  const rising = buckets.map((each) => [Number(each.labels["le"]?.replace("+Inf", "Infinity")), each.value] as const).sort((a, b) => a[0] - b[0]);
  const all = rising.at(-1)?.[1] ?? 0;
  return all ? rising.find(([, count]) => count >= share * all)?.[0] : undefined;
}
