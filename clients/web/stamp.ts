// Is a built page that of these sources? build.json holds digests of both, so that a test can tell without Node.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Plugin } from "vite";

const SOURCES = ["src", "index.html", "package.json", "package-lock.json", "public", "tsconfig.json", "vite.config.ts", "stamp.ts"];

const files = (path: string): string[] =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => files(join(path, name))) : [path];

const digest = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** {path below `root`: SHA-256}, sorted by path. */
const digests = (root: string, paths: string[]) =>
  Object.fromEntries(paths.map((path): [string, string] => [relative(root, path).replaceAll("\\", "/"), digest(path)]).sort());

/** Write build.json beside what was built. */
export const stamp = (root: string, out: string): Plugin => ({
  name: "stamp",
  closeBundle() {
    const sources = digests(root, SOURCES.flatMap((name) => files(join(root, name))));
    const built = digests(out, files(out).filter((path) => !path.endsWith("build.json")));
    writeFileSync(join(out, "build.json"), JSON.stringify({ sources, built }, null, 1) + "\n");
  },
});
