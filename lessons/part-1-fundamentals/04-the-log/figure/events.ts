// Twenty-four events of five viewers, the same in every run.
export interface FigureEvent {
  n: number;
  userId: string;
  contentId: string;
  type: 'play' | 'pause' | 'stop';
}

const SCRIPT = `
  1014 play 118, 1017 play 104, 1012 play 118, 1017 pause 104, 1014 pause 118, 1036 play 102,
  1012 stop 118, 1017 play 104, 1014 play 118, 1008 play 129, 1036 pause 102, 1012 play 129,
  1014 stop 118, 1017 stop 104, 1008 pause 129, 1014 play 102, 1036 play 102, 1012 pause 129,
  1017 play 118, 1008 play 129, 1014 pause 102, 1012 stop 129, 1036 stop 102, 1017 stop 118`;

export const EVENTS: FigureEvent[] = SCRIPT.split(',').map((line, n) => {
  const [user, type, title] = line.trim().split(' ');
  return { n, userId: `user-${user}`, type: type as FigureEvent['type'], contentId: `c-${title}` };
});
