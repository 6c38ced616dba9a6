import manifest from '../package.json' with { type: 'json' }
import { createProgram } from './create-program.ts'
import { endWithError } from './end-with-error.ts'

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second one does not wait for anything.
    if (interrupted.signal.aborted) process.exit(130)
    interrupted.abort()
  })
}

// Who reads has read enough: `ser clips | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await createProgram(manifest.version, interrupted.signal, (exitCode) => {
    process.exitCode = exitCode
  }).parseAsync()
} catch (error) {
  endWithError(error, interrupted.signal, process.argv.includes('--json'))
}
