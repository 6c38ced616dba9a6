import { readFileSync } from 'node:fs'

/**
 * The most memory that this process has had resident, in bytes. Linux' own high-water mark of the address space; elsewhere that of
 * getrusage, which on Linux would count what the parent had when it forked.
 */
export function peakMemoryBytes(): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
    if (found !== null) return Number(found[1]) * 1024
  } catch {
    // No Linux.
  }
  return process.resourceUsage().maxRSS * 1024
}
