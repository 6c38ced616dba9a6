import type { Metres, Room } from './generate-room-response.ts'
import type { SeededRandom } from './random.ts'

/** Neither source nor microphone comes closer to a wall than this share of the room. */
const MARGIN_SHARE = 0.1

/** A direction evenly distributed over the sphere. */
function drawDirection(random: SeededRandom): Metres {
  const height = random.uniform(-1, 1)
  const azimuth = random.uniform(0, 2 * Math.PI)
  const level = Math.sqrt(1 - height * height)
  return [level * Math.cos(azimuth), level * Math.sin(azimuth), height]
}

/**
 * Puts a source and a microphone at a distance into a room, anywhere and in any direction but not at its walls. Where the room is too small
 * for the distance they come as far apart as its width lets them.
 */
export function drawRoom(
  {
    sizeMeters,
    distanceMeters,
    rt60Seconds,
  }: Pick<Room, 'sizeMeters' | 'rt60Seconds'> & { readonly distanceMeters: number },
  random: SeededRandom,
): Room {
  const inside = (at: Metres) =>
    at.every((x, axis) => x > MARGIN_SHARE * sizeMeters[axis] && x < (1 - MARGIN_SHARE) * sizeMeters[axis])
  const within = (axis: number) =>
    random.uniform(MARGIN_SHARE * sizeMeters[axis], (1 - MARGIN_SHARE) * sizeMeters[axis])
  for (let attempt = 0; attempt < 64; attempt++) {
    const sourceMeters: Metres = [within(0), within(1), within(2)]
    const direction = drawDirection(random)
    const [x, y, z] = sourceMeters.map((at, axis) => at + distanceMeters * direction[axis])
    const microphoneMeters: Metres = [x, y, z]
    if (inside(microphoneMeters)) return { sizeMeters, sourceMeters, microphoneMeters, rt60Seconds }
  }
  const [width, depth, height] = sizeMeters
  const half = Math.min(distanceMeters, (1 - 2 * MARGIN_SHARE) * width) / 2
  return {
    sizeMeters,
    sourceMeters: [width / 2 - half, depth / 2, height / 2],
    microphoneMeters: [width / 2 + half, depth / 2, height / 2],
    rt60Seconds,
  }
}
