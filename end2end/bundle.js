// Bundles codemirror.js into the folder that is given, and writes the licences of all that is in it beside it.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = process.argv[2];
if (!folder) throw new Error("usage: node bundle.js FOLDER");

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["codemirror.js"],
  outfile: `${folder}/codemirror.js`,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

/** The bytes that each package gives. @type {Map<string, number>} */
const packages = new Map();
for (const output of Object.values(metafile.outputs)) {
  for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    if (name && bytesInOutput > 0) packages.set(name, (packages.get(name) ?? 0) + bytesInOutput);
  }
}
const licences = await Promise.all(
  [...packages.keys()].sort().map(async (name) => `${name}\n\n${await readFile(`${here}node_modules/${name}/LICENSE`, "utf8")}`),
);
await writeFile(`${folder}/codemirror.license.txt`, licences.join("\n\n"));
for (const [name, bytes] of [...packages].sort(([, a], [, b]) => b - a)) console.log(`${String(bytes).padStart(8)} ${name}`);
