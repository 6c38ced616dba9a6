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
   * Parts of a batch that go through LSTM layers side by side, on a core each (default 2). The gradients are added up part by part, so that the
   * last digits depend on their number; that it is not the number of cores makes machines agree.
   */
  readonly threads?: number
}

/** The flag of TensorFlow.js under which the number of parts is kept. */
export const PARTS_FLAG = 'SER_PARTS'

/**
 * Loads TensorFlow: tfjs-node where its native library loads, otherwise plain JavaScript, which trains the same model
 * many times slower. A process has one backend: the first call decides.
 */
export async function loadTensorflow({ backend = 'auto', threads = 2 }: LoadOptions = {}): Promise<LoadedTensorflow> {
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
  // A thread an operation: to divide the small ones of each step among cores takes longer than it saves.
  process.env['TF_NUM_INTRAOP_THREADS'] = '1'
  // Keeps what it has for the next tensors, where malloc gives blocks of 22 MB back and is given them anew, page by page, in every batch.
  process.env['TF_CPU_ALLOCATOR_USE_BFC'] ??= 'true'
  const tf: Tensorflow = load('@tensorflow/tfjs-node')
  tf.env().registerFlag(PARTS_FLAG, () => threads)
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
