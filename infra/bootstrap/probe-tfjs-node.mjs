import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { lastWordsOf } from '../local/setup-error.mjs'

// Trains one step in a process of its own: a library that does not fit ends the process that loads it.
// Node 23 took away two functions of `util` that tfjs-node calls (see libs/model), so they are put back here too.
const TRIAL = `
const util = require('node:util')
util.isNullOrUndefined = (value) => value === null || value === undefined
util.isArray = Array.isArray
const tf = require('@tensorflow/tfjs-node')
const weight = tf.variable(tf.scalar(1))
tf.train.sgd(0.25).minimize(() => weight.sub(3).square().asScalar())
if (Math.abs(weight.dataSync()[0] - 2) > 1e-6) throw new Error('a training step gives a wrong result')
console.log(JSON.stringify({ package: tf.version['tfjs-node'], library: tf.backend().binding.TF_Version }))
`

/**
 * Whether tfjs-node loads and trains in this Node.
 * @param {string} root The folder from whose node_modules it is loaded.
 * @returns {Promise<{ works: true, label: string } | { works: false, reason: string }>}
 */
export async function probeTfjsNode(root, node = process.execPath) {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', NODE_PATH: join(root, 'node_modules') }
  try {
    const { stdout } = await promisify(execFile)(node, ['--no-deprecation', '-e', TRIAL], {
      cwd: root,
      env,
      timeout: 60_000,
    })
    const { package: version, library } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    return { works: true, label: `tfjs-node ${version} on libtensorflow ${library}` }
  } catch (error) {
    const words = lastWordsOf(error, 40).split(' | ')
    return { works: false, reason: words.find((line) => line.startsWith('Error:')) ?? words[0] ?? 'no reason given' }
  }
}
