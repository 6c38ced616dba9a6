/** The seven emotions of TESS, in the order of the model's outputs. `surprise` is TESS's pleasant surprise (`ps`). */
export const EMOTIONS = ['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'] as const

export type Emotion = (typeof EMOTIONS)[number]

/** The index of an emotion among the model's outputs; -1 for a label that is kept but not trained on. */
export function emotionIndex(label: string): number {
  return EMOTIONS.findIndex((emotion) => emotion === label)
}
