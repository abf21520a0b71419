/** How the page hears the collector. `since` is when it last became so, by the page's own clock (ms). */
export type Line = { state: 'connecting' | 'live' | 'lost'; since: number }

/** Two beats and a little: silence longer than this is a dead line even when the socket claims to be open. */
export const SILENCE_MS = 5_000

export type LineEvent =
  | { kind: 'heard'; at: number }
  | { kind: 'disconnected'; at: number }
  | { kind: 'tick'; at: number; lastHeardAt: number }

/** A loss is dated by the last word that came, because that is how old the picture is. */
export function nextLine(line: Line, event: LineEvent): Line {
  switch (event.kind) {
    case 'heard':
      return line.state === 'live' ? line : { state: 'live', since: event.at }
    case 'disconnected':
      return line.state === 'lost' ? line : { state: 'lost', since: event.at }
    case 'tick':
      if (line.state === 'lost' || event.at - event.lastHeardAt <= SILENCE_MS) return line
      return { state: 'lost', since: event.lastHeardAt }
  }
}
