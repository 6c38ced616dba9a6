/** The media type of a container, as browsers play it. */
export function mediaType(container: string): string {
  return `audio/${container === 'mp3' ? 'mpeg' : container}`
}
