// Is lib/ built from these sources? stamp.json holds digests of both, so that a test can tell without installing anything.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const names = (folder) => readdirSync(folder).sort().map((name) => `${folder}/${name}`);
const digests = (files) =>
  Object.fromEntries(files.map((name) => [name, createHash("sha256").update(readFileSync(name)).digest("hex")]));

const sources = ["openapi.json", "package-lock.json", "package.json", ...names("src"), "tsconfig.json"];
writeFileSync("stamp.json", JSON.stringify({ sources: digests(sources), built: digests(names("lib")) }, null, 1) + "\n");
