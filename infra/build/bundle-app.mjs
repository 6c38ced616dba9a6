// Bundles the app in the current folder: workspace sources in, npm packages stay outside.
// Entry points are src/main.ts and every src/*-thread.ts (worker threads) and src/*-process.ts (child processes).
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { build } from 'esbuild'

const entries = readdirSync('src').filter((name) => name === 'main.ts' || /-(thread|process)\.ts$/.test(name))

const { outputFiles } = await build({
  entryPoints: entries.map((name) => `src/${name}`),
  outdir: 'dist',
  bundle: true,
  write: false,
  // What only a dynamic import needs is a file of its own, so that a command does not load what others need.
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  conditions: ['ser-source'],
  loader: { '.sql': 'text', '.wasm': 'binary' },
  plugins: [
    {
      // esbuild's own `packages: external` would leave the workspace's packages outside too.
      name: 'npm-packages-stay-outside',
      setup(bundle) {
        bundle.onResolve({ filter: /^[^./]/ }, ({ path }) =>
          path.startsWith('@ser/') ? undefined : { path, external: true },
        )
      },
    },
  ],
})

mkdirSync('dist', { recursive: true })
for (const { path, contents } of outputFiles) {
  // A process may be starting from it.
  if (existsSync(path) && readFileSync(path).equals(contents)) continue
  writeFileSync(`${path}.new`, contents)
  renameSync(`${path}.new`, path)
}

// Names of shared parts hold a hash: those of earlier builds would pile up.
const written = new Set(outputFiles.map(({ path }) => basename(path)))
for (const name of readdirSync('dist'))
  if (/-[A-Z0-9]{8}\.js(\.map)?$/.test(name) && !written.has(name)) rmSync(`dist/${name}`)

// The migrations are read as files at run time, beside the bundle.
const { dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
if ('@ser/database' in dependencies) {
  cpSync(new URL('../../libs/database/migrations', import.meta.url), 'dist/migrations', { recursive: true })
}
