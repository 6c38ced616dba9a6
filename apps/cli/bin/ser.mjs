#!/usr/bin/env node
// The command as npm links it: the bundle, or what to do when it is not built yet.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bundle = new URL('../dist/main.js', import.meta.url)
if (existsSync(fileURLToPath(bundle))) await import(bundle.href)
else {
  process.stderr.write('ser is not built yet: run `npm run setup` in the repository first\n')
  process.exitCode = 2
}
