// Bundles the app in the current folder: workspace sources in, npm packages stay outside.
// Entry points are src/main.ts and every src/*-thread.ts (worker threads) and src/*-process.ts (child processes).
import { cpSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const entries = readdirSync('src').filter((name) => name === 'main.ts' || /-(thread|process)\.ts$/.test(name))

const { metafile } = await build({
  entryPoints: entries.map((name) => `src/${name}`),
  outdir: 'dist',
  bundle: true,
  metafile: true,
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

// Names of shared parts hold a hash: those of earlier builds would pile up.
for (const name of readdirSync('dist').filter((each) => /^(chunk|[\w-]+)-[A-Z0-9]{8}\.js(\.map)?$/.test(each)))
  if (!(`dist/${name}` in metafile.outputs)) rmSync(`dist/${name}`)

// The migrations are read as files at run time, beside the bundle.
const { dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
if ('@ser/database' in dependencies) {
  cpSync(new URL('../../libs/database/migrations', import.meta.url), 'dist/migrations', { recursive: true })
}
