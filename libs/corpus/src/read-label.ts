import { EMOTIONS, type Emotion } from '@ser/contracts'

// What recordings are called elsewhere: TESS, RAVDESS, CREMA-D, EMO-DB's translations, and how people write by hand.
const ALIASES: Readonly<Record<Emotion, readonly string[]>> = {
  angry: ['anger', 'ang', 'mad', 'furious'],
  disgust: ['disgusted', 'dis'],
  fear: ['fearful', 'afraid', 'scared', 'fea', 'anxious', 'anxiety'],
  happy: ['happiness', 'hap', 'joy', 'joyful'],
  neutral: ['neu', 'none'],
  sad: ['sadness', 'unhappy'],
  surprise: ['surprised', 'surprize', 'sur', 'ps', 'pleasant surprise', 'pleasant surprised', 'pleasantly surprised'],
}

const BY_NAME: ReadonlyMap<string, Emotion> = new Map(
  EMOTIONS.flatMap((emotion) => [emotion, ...ALIASES[emotion]].map((name) => [name, emotion] as const)),
)

/**
 * The emotion that a label means, whatever its case and whichever of blank, `_` and `-` divides its words;
 * `undefined` for one that is not among the seven.
 *
 * @example readLabel('pleasant_surprised') // 'surprise'
 */
export function readLabel(text: string): Emotion | undefined {
  return BY_NAME.get(
    text
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ' '),
  )
}
