// How does the page become the files that the server hands out? `make page` runs this; the result is committed.
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { stamp } from "./stamp.ts";

const ROOT = import.meta.dirname;
const OUT = resolve(ROOT, "../../api/web");

export default defineConfig({
  base: "/static/",
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsInlineLimit: 0, // the Content-Security-Policy allows nothing inline
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: true,
  },
  plugins: [stamp(ROOT, OUT)],
});
