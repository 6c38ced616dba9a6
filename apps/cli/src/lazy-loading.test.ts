import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const folder = fileURLToPath(new URL('..', import.meta.url))
const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()) })

/** The npm packages that a file of the bundle loads before it runs: its own, and those of what it imports. */
function packagesOf(
  outputs: Metafile['outputs'],
  isSought: (output: Metafile['outputs'][string]) => boolean,
): string[] {
  const packages = new Set<string>()
  const seen = new Set(Object.keys(outputs).filter((path) => isSought(outputs[path])))
  for (const path of seen) {
    for (const { path: imported, kind, external } of outputs[path].imports) {
      if (kind !== 'import-statement') continue
      if (external !== true) seen.add(imported)
      else if (!imported.startsWith('node:')) packages.add(imported.split('/')[0])
    }
  }
  return [...packages].toSorted()
}

describe('what a command loads', () => {
  let outputs: Metafile['outputs']

  beforeAll(async () => {
    const { dependencies } = manifestSchema.parse(JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')))
    const built = await build({
      absWorkingDir: folder,
      entryPoints: ['src/main.ts'],
      outdir: 'dist',
      write: false,
      metafile: true,
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      conditions: ['ser-source'],
      loader: { '.wasm': 'empty' },
      external: [...Object.keys(dependencies).filter((name) => !name.startsWith('@ser/')), 'echarts', 'csv-parse'],
    })
    outputs = built.metafile.outputs
  })

  it.each(['list-resources', 'show-models', 'control-queue', 'save-report'])(
    '%s, which only asks the API, loads neither charts nor threads',
    (name) => {
      expect(packagesOf(outputs, ({ entryPoint }) => entryPoint === `src/${name}.ts`)).toEqual(['cli-table3', 'zod'])
    },
  )

  it('the command line itself loads its parser and the contract', () => {
    expect(packagesOf(outputs, ({ entryPoint }) => entryPoint === 'src/main.ts')).toEqual(['commander', 'zod'])
  })

  it('a page with charts loads them', () => {
    expect(packagesOf(outputs, ({ entryPoint }) => entryPoint === 'src/reproduce-paper.ts')).toContain('echarts')
  })
})
