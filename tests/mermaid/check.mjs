// Reads diagrams with Mermaid's own parser: node check.mjs FILE…
import { readFile } from "node:fs/promises";
import mermaid from "mermaid";

const files = process.argv.slice(2);
let refused = 0;
for (const file of files) {
  try {
    const { diagramType } = await mermaid.parse(await readFile(file, "utf8"));
    if (diagramType !== "er") throw new Error(`read as ${diagramType}`);
  } catch (error) {
    refused += 1;
    console.error(`${file}: ${error.message}`);
  }
}
console.log(`${files.length - refused} diagrams read`);
process.exitCode = refused === 0 ? 0 : 1;
