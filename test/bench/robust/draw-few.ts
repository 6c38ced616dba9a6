import { createRandom, shuffled } from '@ser/corpus'

/** Each item with `count - 1` others of its voice, drawn at random and always the same; itself first. */
export function drawFew<Item extends { readonly voice: string }>(items: readonly Item[], count: number): Item[][] {
  const random = createRandom(1)
  return items.map((item) => {
    const others = items.filter((other) => other.voice === item.voice && other !== item)
    const drawn = count > 1 ? shuffled(others, random).slice(0, count - 1) : []
    return [item, ...drawn]
  })
}
