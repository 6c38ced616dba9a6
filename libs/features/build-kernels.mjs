// Writes src/kernel-bytes.ts from assembly/*.ts; `--check` tells whether it is up to date.
import { compileKernels } from '@ser/kernels/compile-kernels.mjs'

await compileKernels(import.meta.dirname, { check: process.argv.includes('--check') })
