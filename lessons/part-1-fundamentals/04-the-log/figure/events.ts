// Twenty-four events of five viewers, the same in every run.
export interface FigureEvent {
  n: number
  userId: string
  contentId: string
  type: 'play' | 'pause' | 'stop'
}

const SCRIPT = `
  1014 play 118, 1001 play 104, 1042 play 118, 1001 pause 104, 1014 pause 118, 1091 play 111,
  1042 stop 118, 1001 play 104, 1014 play 118, 1016 play 125, 1091 pause 111, 1042 play 125,
  1014 stop 118, 1001 stop 104, 1016 pause 125, 1014 play 111, 1091 play 111, 1042 pause 125,
  1001 play 118, 1016 play 125, 1014 pause 111, 1042 stop 125, 1091 stop 111, 1001 stop 118`

export const EVENTS: FigureEvent[] = SCRIPT.split(',').map((line, n) => {
  const [user, type, title] = line.trim().split(' ')
  return { n, userId: `user-${user}`, type: type as FigureEvent['type'], contentId: `c-${title}` }
})
