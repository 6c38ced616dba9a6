import type { Timeline } from '@ser/contracts'
import { percent } from './format-numbers.ts'

/** 75 seconds as 1:15. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  const rest = Math.round((seconds - whole) * 10)
  const minutes = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
  return rest === 0 ? minutes : `${minutes}.${rest}`
}

/** The largest shares in words. */
export function describeTimeline({ windows, shares }: Pick<Timeline, 'windows' | 'shares'>): string {
  const named = Object.entries({ ...shares.emotions, uncertain: shares.uncertain, silence: shares.silent })
  const largest = named.filter(([, share]) => share > 0).sort(([, a], [, b]) => b - a)
  return `${windows.length} windows: ${largest.map(([name, share]) => `${name} ${percent(share)}`).join(', ')}`
}

export type Stretch = { readonly start: number; readonly end: number; readonly what: string }

/** Neighbouring windows of one answer as one stretch; where windows overlap, it ends when the next begins. */
export function findStretches(windows: Timeline['windows']): Stretch[] {
  const stretches: Stretch[] = []
  for (const { start, end, silent, uncertain, emotion } of windows) {
    const what = silent ? 'silence' : uncertain ? 'uncertain' : (emotion ?? 'uncertain')
    const last = stretches.at(-1)
    if (last !== undefined)
      stretches[stretches.length - 1] = { ...last, end: last.what === what ? end : Math.min(last.end, start) }
    if (last?.what !== what) stretches.push({ start, end, what })
  }
  return stretches
}
