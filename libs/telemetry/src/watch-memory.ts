import { Gauge, type Registry } from 'prom-client'

/** Shows what the threads hold and the most that the process ever held; read whenever metrics are asked for. */
export function watchMemory(registry: Registry, threadMemory: () => ReadonlyMap<number, number>): void {
  const threads: Gauge<'thread'> = new Gauge({
    name: 'ser_thread_external_bytes',
    help: "What a thread holds outside of its heap, as of its last turn: WebAssembly's memory and arrays.",
    labelNames: ['thread'],
    registers: [registry],
    collect() {
      threads.reset()
      for (const [thread, bytes] of threadMemory()) threads.set({ thread }, bytes)
    },
  })
  const peak: Gauge = new Gauge({
    name: 'ser_peak_resident_bytes',
    help: 'The most memory that the process has held so far, its threads included.',
    registers: [registry],
    collect: () => peak.set(process.resourceUsage().maxRSS * 1024),
  })
}
