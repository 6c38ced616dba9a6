import { freePorts } from './free-ports.mjs'
import { startProcess } from './supervise-process.mjs'
import { waitUntilReady } from './wait-until-ready.mjs'

/**
 * What a program that gives S3 is started with.
 * @typedef {import('./service.d.ts').StartContext & {
 *   data: string,
 *   addressesOf: (port: number) => Record<string, string>,
 *   probe: (addresses: Record<string, string>) => Promise<unknown>,
 * }} StorageContext
 */

/**
 * @param {import('./service.d.ts').Program} program
 * @param {StorageContext} context
 * @returns {Promise<import('./service.d.ts').Started>}
 */
export async function startMinio(program, { secrets, log, wishedPorts, data, addressesOf, probe }) {
  const ports = await freePorts(2, wishedPorts)
  const [port = 0, consolePort = 0] = ports
  const args = ['server', data, '--address', `127.0.0.1:${port}`, '--console-address', `127.0.0.1:${consolePort}`]
  const env = { ...process.env, MINIO_ROOT_USER: secrets.s3AccessKey, MINIO_ROOT_PASSWORD: secrets.s3SecretKey }
  const identity = await startProcess(program.path, args, { log, cwd: data, env })
  const addresses = addressesOf(port)
  await waitUntilReady(() => probe(addresses), { label: program.label, process: identity, log })
  return { process: identity, ports, addresses, data }
}
