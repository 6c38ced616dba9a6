import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type EpochTime = {
  readonly seconds: number
  readonly cpuSeconds: number
  /** The most that the process has had resident so far. */
  readonly peakBytes: number
}

/** A process that trains an epoch when it is told to. */
export type Trainer = {
  readonly version: string
  readonly trainEpoch: () => Promise<EpochTime>
  readonly close: () => Promise<void>
}

/** Starts a trainer; resolves when it has loaded everything. Rejects when it ends before. */
export async function startTrainer(command: string, flags: readonly string[]): Promise<Trainer> {
  const child = spawn(command, flags, { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2000)
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve())
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async () => {
    const { done, value } = await lines.next()
    if (done === true) throw new Error(`${command} ended early: ${complaints}`)
    return value
  }
  const { version }: { version: string } = JSON.parse(await nextLine())
  const trainEpoch = async () => {
    child.stdin.write('epoch\n')
    const time: EpochTime = JSON.parse(await nextLine())
    return time
  }
  const close = () => {
    child.stdin.end()
    return ended
  }
  return { version, trainEpoch, close }
}
