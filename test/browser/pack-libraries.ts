import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { repositoryRoot } from '../support/services.ts'

const run = promisify(execFile)
const OWN = ['kernels', 'audio', 'features']
const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) })

/**
 * Builds and packs the libraries and what they depend on, and installs the packages into an empty folder, with no
 * network. Returns the folder and the names of everything in it.
 */
export async function installPacked(): Promise<{ folder: string; packages: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'ser-packed-'))
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  const projects = OWN.map((name) => `@ser/${name}`).join(',')
  const nx = join(repositoryRoot, 'node_modules/nx/dist/bin/nx.js')
  await run(process.execPath, [nx, 'run-many', '-t', 'build', '-p', projects], { cwd: repositoryRoot })
  const folders = [
    ...OWN.map((name) => join(repositoryRoot, 'libs', name)),
    ...dependenciesOf(OWN.map((name) => join(repositoryRoot, 'libs', name))),
  ]
  await npm(['pack', '--ignore-scripts', '--pack-destination', tarballs, ...folders], repositoryRoot)
  const files = readdirSync(tarballs).map((name) => `./tarballs/${name}`)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  await npm(['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...files], folder)
  return { folder, packages: listPackages(join(folder, 'node_modules')) }
}

/** The folders of all npm packages that these need, directly or not; our own left out. */
function dependenciesOf(folders: readonly string[]): string[] {
  const found = new Set<string>()
  const queue = [...folders]
  for (const folder of queue) {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
    for (const name of Object.keys(manifest.dependencies).filter((dependency) => !dependency.startsWith('@ser/'))) {
      const path = join(repositoryRoot, 'node_modules', name)
      if (!found.has(path)) queue.push(path)
      found.add(path)
    }
  }
  return [...found]
}

function npm(args: readonly string[], cwd: string): Promise<unknown> {
  return run('npm', args, { cwd, maxBuffer: 1 << 26 })
}

function listPackages(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    )
    .sort()
}
