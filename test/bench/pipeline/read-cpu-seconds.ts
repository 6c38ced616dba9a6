import { readFileSync, readdirSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second (USER_HZ). */
const TICKS_PER_SECOND = 100

type Process = { readonly pid: number; readonly parent: number; readonly ticks: number }

/** Processor seconds (user and system) that a process, its threads and its living and ended descendants have used. Linux only. */
export function readCpuSeconds(pid: number): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)))
  const sum = (process: Process): number =>
    all.reduce((total, child) => (child.parent === process.pid ? total + sum(child) : total), process.ticks)
  const root = all.find((process) => process.pid === pid)
  return root === undefined ? 0 : sum(root) / TICKS_PER_SECOND
}

/** Peak resident memory of a process in MiB. Linux only. */
export function readPeakMebibytes(pid: number): number {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return peak === null ? 0 : Number(peak[1]) / 1024
}

function readProcess(pid: number): Process[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything; fields are counted after it: state, ppid, ... utime stime cutime cstime.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [, parent, ...rest] = fields
    const ticks = rest.slice(9, 13).reduce((total, field) => total + Number(field), 0)
    return [{ pid, parent: Number(parent), ticks }]
  } catch {
    return [] // It has ended.
  }
}
