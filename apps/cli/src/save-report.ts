import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { printResult } from './terminal.ts'

/** Writes the HTML report of a run to a file, or to standard output when it is `-`. */
export async function saveReport({ client, terminal }: CommandContext, run: string, output: string): Promise<number> {
  const html = await client.text(`/v1/runs/${encodeURIComponent(run)}/report`)
  if (output === '-') {
    terminal.print(html)
    return EXIT.ok
  }
  const path = resolve(output)
  await writeFile(path, html)
  printResult(terminal, { run, path }, () => [`wrote ${path}`])
  return EXIT.ok
}
