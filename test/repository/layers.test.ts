import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { repositoryRoot } from '../support/services.ts'

const run = promisify(execFile)

/** Which layers a layer may import from. What an app needs of another app it gets through a service. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'layer:pure': ['layer:pure'],
  'layer:domain': ['layer:pure'],
  'layer:io': ['layer:pure'],
  'layer:app': ['layer:pure', 'layer:domain', 'layer:io'],
  'layer:test': ['layer:pure', 'layer:domain', 'layer:io', 'layer:app', 'layer:tool'],
  'layer:tool': [],
}

const graphSchema = z.object({
  graph: z.object({
    nodes: z.record(z.string(), z.object({ data: z.object({ root: z.string(), tags: z.array(z.string()) }) })),
    dependencies: z.record(z.string(), z.array(z.object({ source: z.string(), target: z.string() }))),
  }),
})
type Graph = z.output<typeof graphSchema>['graph']

/** The project graph that nx makes of the imports in a workspace. */
async function readGraph(root: string): Promise<Graph> {
  const folder = mkdtempSync(join(tmpdir(), 'ser-graph-'))
  const file = join(folder, 'graph.json')
  try {
    await run(process.execPath, ['node_modules/nx/dist/bin/nx.js', 'graph', `--file=${file}`], {
      cwd: root,
      // A cache of its own: that of the repository knows other imports.
      env: {
        ...process.env,
        NX_WORKSPACE_ROOT_PATH: root,
        NX_WORKSPACE_DATA_DIRECTORY: `${file}.data`,
        NX_DAEMON: 'false',
      },
    })
    return graphSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).graph
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The npm packages of the repository, and under `@ser` the copy's own sources. */
function linkPackages(copy: string): void {
  const packages = join(repositoryRoot, 'node_modules')
  mkdirSync(join(copy, 'node_modules/@ser'), { recursive: true })
  for (const name of readdirSync(packages).filter((entry) => entry !== '@ser')) {
    symlinkSync(join(packages, name), join(copy, 'node_modules', name))
  }
  for (const folder of ['apps', 'libs']) {
    for (const name of readdirSync(join(copy, folder))) {
      symlinkSync(join(copy, folder, name), join(copy, 'node_modules/@ser', name))
    }
  }
}

function forbiddenImports({ nodes, dependencies }: Graph): string[] {
  const layerOf = (name: string) => nodes[name]?.data.tags.find((tag) => tag.startsWith('layer:')) ?? 'no layer'
  return Object.values(dependencies)
    .flat()
    .filter(({ target }) => target in nodes)
    .filter(({ source, target }) => !MAY_IMPORT[layerOf(source)]?.includes(layerOf(target)))
    .map(({ source, target }) => `${source} (${layerOf(source)}) -> ${target} (${layerOf(target)})`)
    .sort()
}

describe('the layers', () => {
  const copy = mkdtempSync(join(tmpdir(), 'ser-layers-'))
  const plant = (path: string, text: string) => {
    const file = join(copy, path)
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, `${text}\n${before}`)
    return () => writeFileSync(file, before)
  }
  let graph: Graph

  beforeAll(async () => {
    const left = new Set(['node_modules', 'dist', '.ser', '.nx', '.git', 'coverage'])
    for (const name of readdirSync(repositoryRoot).filter((entry) => !left.has(entry))) {
      const filter = (path: string) => !left.has(path.split('/').at(-1) ?? '')
      cpSync(join(repositoryRoot, name), join(copy, name), { recursive: true, filter })
    }
    linkPackages(copy)
    graph = await readGraph(repositoryRoot)
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  test('are seen: nx finds the projects and who imports whom', () => {
    const folders = ['apps', 'libs'].flatMap((folder) =>
      readdirSync(join(repositoryRoot, folder)).map((name) => `${folder}/${name}`),
    )
    expect(Object.values(graph.nodes).map(({ data }) => data.root)).toEqual(expect.arrayContaining(folders))
    const targets = graph.dependencies['@ser/feature-worker']?.map(({ target }) => target)
    expect(targets).toEqual(expect.arrayContaining(['@ser/contracts', '@ser/database', '@ser/features', '@ser/queue']))
  })

  test('are named by every project', () => {
    const without = Object.entries(graph.nodes).filter(
      ([, { data }]) => data.tags.filter((tag) => tag in MAY_IMPORT).length !== 1,
    )
    expect(without.map(([name]) => name)).toEqual([])
  })

  test('import downwards only', () => {
    expect(forbiddenImports(graph)).toEqual([])
  })

  test.each([
    [
      'libs/contracts/src/index.ts',
      "import '@ser/database'",
      '@ser/contracts (layer:pure) -> @ser/database (layer:io)',
    ],
    ['libs/model/src/index.ts', "import '@ser/queue'", '@ser/model (layer:domain) -> @ser/queue (layer:io)'],
    [
      'apps/ingest/src/main.ts',
      "import '../../trainer/src/main.ts'",
      '@ser/ingest (layer:app) -> @ser/trainer (layer:app)',
    ],
  ])('do not let %s say %s', async (file, line, arrow) => {
    // Only the source says it, not the package.json: an import that nx did not see would go unnoticed.
    const restore = plant(file, line)
    try {
      expect(forbiddenImports(await readGraph(copy))).toContain(arrow)
    } finally {
      restore()
    }
  })
})
