import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { freePorts } from './free-ports.mjs'
import { startProcess } from './supervise-process.mjs'
import { waitUntilReady } from './wait-until-ready.mjs'
import { writePrivateFile } from './write-private-file.mjs'

/**
 * Master, volume server, filer and S3 gateway of SeaweedFS in one process. Only the gateway asks for keys; the others
 * listen on 127.0.0.1 alone.
 * @param {import('./service.d.ts').Program} program
 * @param {import('./start-minio.mjs').StorageContext} context
 * @returns {Promise<import('./service.d.ts').Started>}
 */
export async function startSeaweedfs(program, { secrets, log, wishedPorts, data, addressesOf, probe }) {
  const ports = await freePorts(8, wishedPorts)
  const [s3Port = 0, s3Grpc, master, masterGrpc, volume, volumeGrpc, filer, filerGrpc] = ports
  const keys = join(data, 's3-keys.json')
  const credentials = [{ accessKey: secrets.s3AccessKey, secretKey: secrets.s3SecretKey }]
  const identities = [{ name: 'ser', credentials, actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'] }]
  writePrivateFile(keys, JSON.stringify({ identities }))
  const settings = {
    dir: data,
    ip: '127.0.0.1',
    'ip.bind': '127.0.0.1',
    'master.port': master,
    'master.port.grpc': masterGrpc,
    // Every bucket gets volumes of its own: small ones, as many as the disk holds.
    'master.volumeSizeLimitMB': 256,
    'volume.max': 0,
    'volume.port': volume,
    'volume.port.grpc': volumeGrpc,
    filer: true,
    'filer.port': filer,
    'filer.port.grpc': filerGrpc,
    s3: true,
    's3.port': s3Port,
    's3.port.grpc': s3Grpc,
    's3.config': keys,
  }
  const args = Object.entries({ ...settings, ...supportedExtras(program.path) }).map(
    ([name, value]) => `-${name}=${value}`,
  )
  // One volume at a time for a new bucket, instead of seven.
  const env = { ...process.env, WEED_MASTER_VOLUME_GROWTH_COPY_1: '1' }
  const identity = await startProcess(program.path, ['server', ...args], { log, cwd: data, env })
  const addresses = addressesOf(s3Port)
  const ready = async () => {
    await probe(addresses)
    await hasRoom(`http://127.0.0.1:${master}`)
  }
  await waitUntilReady(ready, { label: program.label, process: identity, log })
  return { process: identity, ports, addresses, data }
}

/** Settings that not every release knows, and those it does not know it refuses. @param {string} weed */
function supportedExtras(weed) {
  const help = spawnSync(weed, ['help', 'server'], { encoding: 'utf8' })
  const extras = {
    'master.telemetry': false,
    'volume.preStopSeconds': 0,
    's3.port.iceberg': 0,
    's3.port.lance': 0,
    's3.iam': false,
    // The master is alone: its own vote is enough, and waiting for others took 20 s at each restart.
    'master.electionTimeout': '1s',
  }
  const text = help.stdout + help.stderr
  return Object.fromEntries(
    Object.entries(extras).filter(([name]) => text.includes(`-${name} `) || text.includes(`-${name}\n`)),
  )
}

/** The gateway answers before the volume server has signed on, and a put would fail until then. @param {string} master */
async function hasRoom(master) {
  const response = await fetch(`${master}/dir/status`, { signal: AbortSignal.timeout(3000) })
  const status = await response.text()
  const room = /"Topology":\{"Max":(\d+)/.exec(status.replaceAll(/\s/g, ''))?.[1]
  if (!(Number(room) > 0)) throw new Error('no volume server has signed on')
}
