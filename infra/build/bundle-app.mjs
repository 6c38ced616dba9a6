// Bundles the app in the current folder: workspace sources in, npm packages stay outside.
// Entry points are src/main.ts and every src/*-thread.ts (worker threads) and src/*-process.ts (child processes).
import { cpSync, readFileSync, readdirSync } from 'node:fs'
import { build } from 'esbuild'

const entries = readdirSync('src').filter((name) => name === 'main.ts' || /-(thread|process)\.ts$/.test(name))

await build({
  entryPoints: entries.map((name) => `src/${name}`),
  outdir: 'dist',
  bundle: true,
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

// The migrations are read as files at run time, beside the bundle.
const { dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
if ('@ser/database' in dependencies) {
  cpSync(new URL('../../libs/database/migrations', import.meta.url), 'dist/migrations', { recursive: true })
}
