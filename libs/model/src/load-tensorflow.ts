import { createRequire } from 'node:module'
import util from 'node:util'
import type * as tfjs from '@tensorflow/tfjs'

// Both packages are CommonJS; `require` gives the same object whether Node, a test runner or a bundle runs this.
const load = createRequire(import.meta.url)

/** The operations of TensorFlow.js, whichever backend computes them. */
export type Tensorflow = typeof tfjs

export type LoadedTensorflow = {
  readonly tf: Tensorflow
  /** `tensorflow`: libtensorflow through tfjs-node. `cpu`: plain JavaScript. */
  readonly backend: 'tensorflow' | 'cpu'
  /** Of the package that computes. */
  readonly version: string
  /** Why it is not `tensorflow`, in one line. */
  readonly fallbackReason?: string
}

export type LoadOptions = {
  /** `auto` prefers libtensorflow and falls back to JavaScript; `cpu` takes JavaScript at once. */
  readonly backend?: 'auto' | 'cpu'
  /**
   * Threads of one operation in libtensorflow (default 4). Sums are divided among them, so the last digits of what is computed
   * depend on their number; that it is not the number of cores makes machines agree.
   */
  readonly threads?: number
}

/**
 * Environment variables that a process which trains is best started with: glibc's allocator then takes pages of 2 MiB where Linux has
 * them. A layer's outputs over 170 steps are blocks of 22 MB, dozens in each batch, and every page of 4 KiB that is new to the process
 * is a fault: up to a hundred thousand a batch, against four hundred. Elsewhere it does nothing.
 */
export const TRAINING_ENVIRONMENT: Readonly<Record<string, string>> = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' }

/**
 * Loads TensorFlow: tfjs-node where its native library loads, otherwise plain JavaScript, which trains the same model
 * many times slower. A process has one backend: the first call decides.
 */
export async function loadTensorflow({ backend = 'auto', threads = 4 }: LoadOptions = {}): Promise<LoadedTensorflow> {
  if (backend === 'cpu') return loadPlain()
  try {
    return await loadNative(threads)
  } catch (error) {
    return { ...(await loadPlain()), fallbackReason: fallbackReason(error) }
  }
}

async function loadNative(threads: number): Promise<LoadedTensorflow> {
  restoreNodeUtil()
  // Read by libtensorflow when it is loaded. Its notes about the processor's instructions are not for our users.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  process.env['TF_NUM_INTRAOP_THREADS'] = String(threads)
  const tf: Tensorflow = load('@tensorflow/tfjs-node')
  await tf.ready()
  return { tf, backend: 'tensorflow', version: packageVersion('@tensorflow/tfjs-node') }
}

async function loadPlain(): Promise<LoadedTensorflow> {
  const tf: Tensorflow = load('@tensorflow/tfjs')
  // Otherwise its first operation prints an advertisement of tfjs-node.
  tf.enableProdMode()
  await tf.setBackend('cpu')
  await tf.ready()
  return { tf, backend: 'cpu', version: packageVersion('@tensorflow/tfjs') }
}

/**
 * tfjs-node 4.22 (the last release) calls `util.isNullOrUndefined` and `util.isArray`. Node 23 took them away, and every
 * operation fails (tensorflow/tfjs#8609); Node 22 prints a deprecation warning. Both are put back as they were.
 */
function restoreNodeUtil(): void {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 22) return
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  })
}

function packageVersion(name: string): string {
  const manifest: unknown = load(`${name}/package.json`)
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}

function fallbackReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const line = message.split('\n').find((text) => text.trim() !== '') ?? 'unknown reason'
  return `tfjs-node does not load (${line.trim()}): training in plain JavaScript, many times slower`
}
