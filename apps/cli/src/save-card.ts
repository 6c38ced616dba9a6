import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { findVersion, versionPath } from './find-version.ts'
import { printResult } from './terminal.ts'

/** Writes the model card of a version to a file, or to standard output. */
export async function saveCard(
  { client, terminal }: CommandContext,
  text: string,
  { output }: { readonly output?: string },
): Promise<number> {
  const version = await findVersion(client, text)
  const card = await client.text(`${versionPath(version)}/card`)
  if (output === undefined || output === '-') {
    printResult(terminal, { ...version, card }, () => [card.trimEnd()])
    return EXIT.ok
  }
  const path = resolve(output)
  await writeFile(path, card)
  printResult(terminal, { ...version, path }, () => [`wrote ${path}`])
  return EXIT.ok
}
