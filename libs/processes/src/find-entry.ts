import { existsSync } from 'node:fs'

/** The URL of a file in which a thread or process begins; `execArgv` is what Node needs to run it, absent where it needs nothing. */
export type Entry = { readonly filename: string; readonly execArgv?: string[] }

/**
 * Where a thread or process begins. From source that is the TypeScript file itself, `new URL('./x-thread.ts', import.meta.url)`; a bundle
 * has it as JavaScript beside `main.js`.
 */
export function findEntry(source: URL): Entry {
  if (!existsSync(source)) return { filename: source.href.replace(/\.ts$/, '.js') }
  // Node 20 gives threads no loader but their own, and there `--import tsx` would set up none.
  const code = `import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}; register()`
  const loader = `data:text/javascript,${encodeURIComponent(code)}`
  return { filename: source.href, execArgv: ['--import', loader, '-C', 'ser-source'] }
}
