import cliProgress from 'cli-progress'
import type { Terminal } from './terminal.ts'

export type ProgressBar = {
  /** `total` is null until it is known. */
  readonly update: (done: number, total: number | null, note?: string) => void
}

export type Progress = {
  readonly bar: (name: string) => ProgressBar
  /** Leaves the terminal as it was; must be called. */
  readonly stop: () => void
}

const LINE_EVERY_MS = 2000

/** Progress bars in a terminal; where there is none, a line every two seconds and one at the end. */
export function showProgress(terminal: Terminal, nameWidth = 12): Progress {
  return terminal.interactive ? showBars(terminal, nameWidth) : showLines(terminal)
}

function showBars({ columns }: Terminal, nameWidth: number): Progress {
  const bars = new cliProgress.MultiBar(
    {
      format: `{name} {bar} {value}/{of}  {note}`,
      barsize: Math.max(10, Math.min(40, columns - nameWidth - 40)),
      hideCursor: true,
      clearOnComplete: false,
      stream: process.stderr,
      autopadding: false,
    },
    cliProgress.Presets.shades_classic,
  )
  return {
    bar(name) {
      const bar = bars.create(1, 0, { name: name.padEnd(nameWidth), of: '?', note: '' })
      return {
        update(done, total, note = '') {
          bar.setTotal(Math.max(1, total ?? done))
          bar.update(done, { name: name.padEnd(nameWidth), of: total ?? '?', note })
        },
      }
    },
    stop: () => bars.stop(),
  }
}

function showLines(terminal: Terminal): Progress {
  const unsaid = new Map<string, string>()
  const sayAll = (): void => {
    for (const line of unsaid.values()) terminal.say(line)
    unsaid.clear()
  }
  return {
    bar(name) {
      let saidAt = 0
      return {
        update(done, total, note = '') {
          unsaid.set(name, `${name}: ${done} of ${total ?? '?'}${note === '' ? '' : `, ${note}`}`)
          if (Date.now() - saidAt < LINE_EVERY_MS) return
          saidAt = Date.now()
          sayAll()
        },
      }
    },
    stop: sayAll,
  }
}
