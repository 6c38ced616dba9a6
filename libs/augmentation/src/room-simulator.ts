import { applyImpulseResponse } from './apply-impulse-response.ts'
import { generateRoomResponse, type Room } from './generate-room-response.ts'
import type { SeededRandom } from './random.ts'

export type RoomSimulatorParams = Room & {
  /** Cut the reverberation that rings on after the recording's end (default true). */
  readonly keepLength?: boolean | undefined
}

/**
 * Puts a recording into a simulated rectangular room with a given RT60 (audiomentations' RoomSimulator, `calculation_mode="rt60"`).
 * @returns as many samples at the input's RMS, the direct sound where it was; silence stays silence.
 */
export function roomSimulator(
  samples: Float32Array,
  sampleRate: number,
  params: RoomSimulatorParams,
  random: SeededRandom,
): Float32Array {
  const response = generateRoomResponse(sampleRate, params, random)
  return applyImpulseResponse(samples, sampleRate, { response, keepLength: params.keepLength })
}
