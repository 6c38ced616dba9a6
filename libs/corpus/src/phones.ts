/** A speech sound as a synthesiser sees it. Frequencies in Hz for a female voice, durations in seconds at tempo 1. */
export type Phone = {
  readonly formantsHz: readonly [number, number, number]
  readonly seconds: number
  /** Amplitude of the voice and of the noise, 0 to 1. */
  readonly voiced: number
  readonly noise: number
  /** The noise's centre. */
  readonly noiseHz: number
}

// Vowels: means of women in Peterson and Barney, "Control methods used in a study of the vowels", 1952, table II.
// Consonants: loci and spectra simplified from Klatt, "Software for a cascade/parallel formant synthesizer", 1980, table III.
const PHONES: Readonly<Record<string, Phone>> = {
  a: vowel([850, 1220, 2810], 0.17),
  e: vowel([610, 2330, 2990], 0.13),
  i: vowel([310, 2790, 3310], 0.14),
  o: vowel([590, 920, 2710], 0.16),
  u: vowel([470, 1160, 2680], 0.12),
  y: vowel([310, 2790, 3310], 0.08),
  w: vowel([300, 700, 2300], 0.07),
  r: vowel([500, 1640, 1960], 0.08),
  l: vowel([360, 1300, 3000], 0.07),
  m: nasal([280, 900, 2200]),
  n: nasal([280, 1700, 2600]),
  b: stop([250, 900, 2300], 0.35, 800),
  d: stop([250, 1800, 2600], 0.35, 3500),
  g: stop([250, 2300, 2800], 0.35, 2200),
  p: stop([300, 900, 2300], 0, 900),
  t: stop([300, 1800, 2600], 0, 4000),
  k: stop([300, 2300, 2800], 0, 2300),
  s: fricative([320, 1700, 2600], 0.35, 6500),
  h: fricative([600, 1500, 2700], 0.12, 1800),
  f: fricative([340, 1100, 2300], 0.1, 5500),
  v: { formantsHz: [280, 1100, 2300], seconds: 0.07, voiced: 0.35, noise: 0.05, noiseHz: 5000 },
  z: { formantsHz: [280, 1700, 2600], seconds: 0.08, voiced: 0.35, noise: 0.2, noiseHz: 6000 },
}

// TESS's carrier phrase, "Say the word", spelt in these phones.
const CARRIER = 'seidu wurd '

/** The phones of the carrier phrase and a word, letter by letter; letters without a sound of their own are silent. */
export function spellPhrase(word: string): readonly Phone[] {
  return Array.from(CARRIER + word.toLowerCase()).flatMap((letter) => PHONES[letter] ?? [])
}

function vowel(formantsHz: Phone['formantsHz'], seconds: number): Phone {
  return { formantsHz, seconds, voiced: 1, noise: 0, noiseHz: 2000 }
}

function nasal(formantsHz: Phone['formantsHz']): Phone {
  return { formantsHz, seconds: 0.07, voiced: 0.5, noise: 0, noiseHz: 2000 }
}

function stop(formantsHz: Phone['formantsHz'], voiced: number, noiseHz: number): Phone {
  return { formantsHz, seconds: 0.06, voiced: voiced * 0.4, noise: 0.12, noiseHz }
}

function fricative(formantsHz: Phone['formantsHz'], noise: number, noiseHz: number): Phone {
  return { formantsHz, seconds: 0.1, voiced: 0, noise, noiseHz }
}
