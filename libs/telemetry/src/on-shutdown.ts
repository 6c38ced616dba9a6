import type { Logger } from 'pino'

export type ShutdownOptions = {
  readonly logger: Pick<Logger, 'info' | 'error'>
  /** What is not closed by then is left: the process ends with status 1 (default 30 000). */
  readonly deadlineMs?: number
  /** Where signals come from and what ends the process; only tests give another than Node's. */
  readonly process?: {
    on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown
    exit(status: number): void
  }
}

/**
 * Closes what was opened, the last first and each after the other, on SIGTERM or SIGINT, and then ends the process:
 * status 0, or 1 when something failed to close or the deadline has passed. A second signal ends it at once.
 *
 * @param closers By name, in the order in which they were opened.
 * @returns The same by hand.
 */
export function onShutdown(
  closers: Readonly<Record<string, () => unknown>>,
  { logger, deadlineMs = 30_000, process: host = process }: ShutdownOptions,
): (reason: string) => Promise<void> {
  let closing = false
  const shutDown = async (reason: string): Promise<void> => {
    if (closing) return host.exit(1)
    closing = true
    logger.info({ reason }, 'shutting down')
    const deadline = setTimeout(() => {
      logger.error({ deadlineMs }, 'shutting down took too long')
      host.exit(1)
    }, deadlineMs)
    const failed = await closeAll(closers, logger)
    clearTimeout(deadline)
    return host.exit(failed ? 1 : 0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) host.on(signal, () => void shutDown(signal))
  return shutDown
}

async function closeAll(
  closers: Readonly<Record<string, () => unknown>>,
  logger: Pick<Logger, 'error'>,
): Promise<boolean> {
  let failed = false
  for (const [name, close] of Object.entries(closers).reverse()) {
    try {
      await close()
    } catch (error) {
      failed = true
      logger.error({ err: error, resource: name }, 'could not be closed')
    }
  }
  return failed
}
